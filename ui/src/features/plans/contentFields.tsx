// The fields of what a step says, by the type of its message. Most steps say a text: the forms of all
// else are read where a message is of their type.

import type { ReactNode } from "react";
import { LIMITS, type MessageType } from "../../bindings";
import { Loading } from "../../components/kit";
import { Awaited, onDemand } from "../../components/onDemand";
import type { Translate } from "../../i18n";
import { CountedLine } from "./Counted";
import type { ContentDrafts } from "./contents";
import { TEMPLATES } from "./layouts";
import type { Input } from "./pace";

const LayoutFields = onDemand(async () => (await import("./LayoutFields")).LayoutFields);
const ImageFields = onDemand(async () => (await import("./MediaFields")).ImageFields);
const VideoFields = onDemand(async () => (await import("./MediaFields")).VideoFields);

const { maxLength: MAX_TEXT } = LIMITS.TextContent.text;

type Fields<D> = (draft: D, input: Input, t: Translate) => ReactNode;

const FIELDS: { [T in MessageType]: Fields<ContentDrafts[T]> } = {
  text: (_, input, t) => (
    <CountedLine place="step" label={t("Text")} most={MAX_TEXT} by="units" lines input={input("text")} />
  ),
  image: (draft, input) => (
    <Awaited waiting={<Loading rows={2} />}>
      <ImageFields draft={draft} input={input} />
    </Awaited>
  ),
  video: (_, input) => (
    <Awaited waiting={<Loading rows={5} />}>
      <VideoFields input={input} />
    </Awaited>
  ),
  flex: (draft, input) => (
    <Awaited waiting={<Loading rows={8} />}>
      <LayoutFields draft={draft} input={input} shapes={["card"]} />
    </Awaited>
  ),
  template: (draft, input) => (
    <Awaited waiting={<Loading rows={8} />}>
      <LayoutFields draft={draft} input={input} shapes={TEMPLATES} />
    </Awaited>
  ),
};

/** The fields of a content; `input` binds one by its name. */
export const contentFields = <T extends MessageType>(
  type: T,
  drafts: ContentDrafts,
  input: Input,
  t: Translate,
): ReactNode => FIELDS[type](drafts[type], input, t);
