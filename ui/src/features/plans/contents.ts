// What the steps say, by the type of their message: what the editor holds of each, the way to
// and from the core's content, and its fields. A new type is one entry in each of the two tables.

import type { GetInputPropsReturnType } from "@mantine/form";
import type { ReactNode } from "react";
import { LIMITS, type MessageType } from "../../bindings";
import type { Translate } from "../../i18n";
import { MAX_VIDEO_BYTES } from "../../lib/limits";
import { previewFor } from "../../lib/uploads";
import { UploadField } from "../../shared/uploads";
import { CountedLine } from "./Counted";
import { LayoutFields } from "./LayoutFields";
import {
  fieldInLayout,
  type LayoutDraft,
  layoutDraftOf,
  layoutOf,
  newCard,
  type TemplateShape,
} from "./layouts";

const { maxLength: MAX_TEXT } = LIMITS.TextContent.text;

/** What the form holds. */
export type ContentDrafts = {
  text: { text: string };
  image: { imageUrl: string; previewImageUrl: string };
  video: { videoUrl: string; previewImageUrl: string };
  flex: LayoutDraft;
  template: LayoutDraft;
};

/** Before anything is written; each type has its own: who looks at another one loses nothing. */
export const EMPTY_CONTENTS: ContentDrafts = {
  text: { text: "" },
  image: { imageUrl: "", previewImageUrl: "" },
  video: { videoUrl: "", previewImageUrl: "" },
  flex: { altText: "", shape: "card", cards: [newCard()], json: "" },
  template: { altText: "", shape: "buttons", cards: [newCard()], json: "" },
};

type Input = (name: string) => GetInputPropsReturnType;

type Kind<D> = {
  /** The field that holds a part of the content; left out where both have one name. */
  fieldOf?: (draft: D, path: string) => string;
  /** Whether it can have buttons of its own, whose press may call staff. */
  hasButtons: boolean;
  draftOf: (content: unknown) => D;
  contentOf: (draft: D) => unknown;
  fields: (draft: D, input: Input, t: Translate) => ReactNode;
};

const TEMPLATES: TemplateShape[] = ["confirm", "buttons", "carousel"];

const KINDS: { [T in MessageType]: Kind<ContentDrafts[T]> } = {
  text: {
    hasButtons: false,
    draftOf: (content) => ({ text: words(content, "text") }),
    contentOf: ({ text }) => ({ text }),
    fields: (_, input, t) => (
      <CountedLine place="step" label={t("Text")} most={MAX_TEXT} by="units" lines input={input("text")} />
    ),
  },
  image: {
    hasButtons: false,
    // The small picture has no field: that of an upload goes with it, what a program entered stays.
    draftOf: (content) => ({
      imageUrl: words(content, "imageUrl"),
      previewImageUrl: words(content, "previewImageUrl"),
    }),
    contentOf: ({ imageUrl, previewImageUrl }) => ({
      imageUrl,
      ...(previewImageUrl === "" ? {} : { previewImageUrl }),
    }),
    fields: ({ previewImageUrl }, input, t) => (
      <UploadField
        kind="picture"
        label={t("Address of the picture")}
        input={input("imageUrl")}
        onType={(address) => write(input, "previewImageUrl", previewFor(address, previewImageUrl))}
        onUploaded={({ url, previewUrl }) => {
          write(input, "imageUrl", url);
          write(input, "previewImageUrl", previewUrl);
        }}
      />
    ),
  },
  video: {
    hasButtons: false,
    draftOf: (content) => ({
      videoUrl: words(content, "videoUrl"),
      previewImageUrl: words(content, "previewImageUrl"),
    }),
    contentOf: (draft) => draft,
    fields: (_, input, t) => (
      <>
        <UploadField
          kind="video"
          label={t("Address of the video")}
          description={t(
            "MP4, up to {n} MB. It is kept as it is: a phone may write into it where it was made.",
            { n: MAX_VIDEO_BYTES / 1e6 },
          )}
          input={input("videoUrl")}
          onUploaded={({ url, previewUrl }) => {
            write(input, "videoUrl", url);
            write(input, "previewImageUrl", previewUrl);
          }}
        />
        <UploadField
          kind="picture"
          label={t("Address of the picture that is shown before it plays")}
          input={input("previewImageUrl")}
          onUploaded={({ previewUrl }) => write(input, "previewImageUrl", previewUrl)}
        />
      </>
    ),
  },
  flex: {
    fieldOf: (draft, path) => (path.startsWith("contents") ? fieldInLayout(draft, path) : path),
    hasButtons: true,
    draftOf: (content) => layoutDraftOf(words(content, "altText"), field(content, "contents"), ["card"]),
    contentOf: (draft) => ({ altText: draft.altText, contents: layoutOf(draft) }),
    fields: (draft, input) => <LayoutFields draft={draft} input={input} shapes={["card"]} />,
  },
  template: {
    fieldOf: (draft, path) => (path.startsWith("template") ? fieldInLayout(draft, path) : path),
    hasButtons: true,
    draftOf: (content) => layoutDraftOf(words(content, "altText"), field(content, "template"), TEMPLATES),
    contentOf: (draft) => ({ altText: draft.altText, template: layoutOf(draft) }),
    fields: (draft, input) => <LayoutFields draft={draft} input={input} shapes={TEMPLATES} />,
  },
};

/** Fills a field as if it had been typed. */
const write = (input: Input, name: string, value: string) => input(name).onChange(value);

const field = (content: unknown, name: string): unknown =>
  typeof content === "object" && content !== null ? Reflect.get(content, name) : undefined;

const words = (content: unknown, name: string): string => {
  const found = field(content, name);
  return typeof found === "string" ? found : "";
};

/** Whether a message of this type can have buttons of its own. */
export const hasButtons = (type: MessageType): boolean => KINDS[type].hasButtons;

/** The field that holds a part of a content, which may lie deep in a layout. */
export const fieldInContent = <T extends MessageType>(type: T, drafts: ContentDrafts, path: string): string =>
  KINDS[type].fieldOf?.(drafts[type], path) ?? path;

/** The content that is being written. */
export const contentOf = <T extends MessageType>(type: T, drafts: ContentDrafts): unknown =>
  KINDS[type].contentOf(drafts[type]);

/** What the form begins with for a content. */
export const contentDraftsOf = (type: MessageType, content: unknown): ContentDrafts => ({
  ...EMPTY_CONTENTS,
  [type]: KINDS[type].draftOf(content),
});

/** The fields of a content; `input` binds one by its name. */
export const contentFields = <T extends MessageType>(
  type: T,
  drafts: ContentDrafts,
  input: Input,
  t: Translate,
): ReactNode => KINDS[type].fields(drafts[type], input, t);
