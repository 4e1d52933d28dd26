// What the steps say, by the type of their message: what the editor holds of each, the way to
// and from the core's content, and its fields. Most steps say a text: the fields of all else are read
// where a message is of their type, and rows about as high stand in their place meanwhile. A new type
// is one entry in each of the tables.

import type { ReactNode } from "react";
import { LIMITS, type MessageType } from "../../bindings";
import { Loading } from "../../components/kit";
import { Awaited, onDemand } from "../../components/onDemand";
import type { Label, Translate } from "../../i18n";
import { CountedLine } from "./Counted";
import { type LayoutDraft, layoutDraftOf, layoutOf, newCard, TEMPLATES } from "./layouts";
import type { Input } from "./pace";

const LayoutFields = onDemand(async () => (await import("./LayoutFields")).LayoutFields);
const ImageFields = onDemand(async () => (await import("./MediaFields")).ImageFields);
const VideoFields = onDemand(async () => (await import("./MediaFields")).VideoFields);

const { maxLength: MAX_TEXT } = LIMITS.TextContent.text;

/** What the form holds. */
export type ContentDrafts = {
  text: { text: string };
  image: { imageUrl: string; previewImageUrl: string };
  video: { videoUrl: string; previewImageUrl: string };
  flex: LayoutDraft;
  template: LayoutDraft;
};

type FieldsOf<D> = D extends unknown ? keyof D : never;

/** What is said of each field where it is refused; those without words are named by their message. */
export const CONTENT_FIELDS: Record<FieldsOf<ContentDrafts[MessageType]>, Label | undefined> = {
  text: undefined,
  imageUrl: "Address of the picture",
  videoUrl: "Address of the video",
  previewImageUrl: "Address of the picture that is shown before it plays",
  altText: "Text for the lock screen",
  shape: undefined,
  cards: undefined,
  json: "JSON",
};

/** Before anything is written; each type has its own: who looks at another one loses nothing. */
export const EMPTY_CONTENTS: ContentDrafts = {
  text: { text: "" },
  image: { imageUrl: "", previewImageUrl: "" },
  video: { videoUrl: "", previewImageUrl: "" },
  flex: { altText: "", shape: "card", cards: [newCard()], json: "" },
  template: { altText: "", shape: "buttons", cards: [newCard()], json: "" },
};

type Kind<D> = {
  /** Whether it can have buttons of its own, whose press may call staff. */
  hasButtons: boolean;
  draftOf: (content: unknown) => D;
  contentOf: (draft: D) => unknown;
  fields: (draft: D, input: Input, t: Translate) => ReactNode;
};

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
    fields: (draft, input) => (
      <Awaited waiting={<Loading rows={2} />}>
        <ImageFields draft={draft} input={input} />
      </Awaited>
    ),
  },
  video: {
    hasButtons: false,
    draftOf: (content) => ({
      videoUrl: words(content, "videoUrl"),
      previewImageUrl: words(content, "previewImageUrl"),
    }),
    contentOf: (draft) => draft,
    fields: (_, input) => (
      <Awaited waiting={<Loading rows={5} />}>
        <VideoFields input={input} />
      </Awaited>
    ),
  },
  flex: {
    hasButtons: true,
    draftOf: (content) => layoutDraftOf(words(content, "altText"), field(content, "contents"), ["card"]),
    contentOf: (draft) => ({ altText: draft.altText, contents: layoutOf(draft) }),
    fields: (draft, input) => (
      <Awaited waiting={<Loading rows={16} />}>
        <LayoutFields draft={draft} input={input} shapes={["card"]} />
      </Awaited>
    ),
  },
  template: {
    hasButtons: true,
    draftOf: (content) => layoutDraftOf(words(content, "altText"), field(content, "template"), TEMPLATES),
    contentOf: (draft) => ({ altText: draft.altText, template: layoutOf(draft) }),
    fields: (draft, input) => (
      <Awaited waiting={<Loading rows={16} />}>
        <LayoutFields draft={draft} input={input} shapes={TEMPLATES} />
      </Awaited>
    ),
  },
};

const field = (content: unknown, name: string): unknown =>
  typeof content === "object" && content !== null ? Reflect.get(content, name) : undefined;

const words = (content: unknown, name: string): string => {
  const found = field(content, name);
  return typeof found === "string" ? found : "";
};

/** Whether a message of this type can have buttons of its own. */
export const hasButtons = (type: MessageType): boolean => KINDS[type].hasButtons;

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
