// What the steps say, by the type of their message: what the editor holds of each, and the way to and
// from the core's content. A new type is one entry in this table, and one in that of the fields.

import type { MessageType } from "../../bindings";
import { type LayoutDraft, layoutDraftOf, layoutOf, newCard, TEMPLATES } from "./layouts";

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

type Kind<D> = {
  /** Whether it can have buttons of its own, whose press may call staff. */
  hasButtons: boolean;
  draftOf: (content: unknown) => D;
  contentOf: (draft: D) => unknown;
};

const KINDS: { [T in MessageType]: Kind<ContentDrafts[T]> } = {
  text: {
    hasButtons: false,
    draftOf: (content) => ({ text: words(content, "text") }),
    contentOf: ({ text }) => ({ text }),
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
  },
  video: {
    hasButtons: false,
    draftOf: (content) => ({
      videoUrl: words(content, "videoUrl"),
      previewImageUrl: words(content, "previewImageUrl"),
    }),
    contentOf: (draft) => draft,
  },
  flex: {
    hasButtons: true,
    draftOf: (content) => layoutDraftOf(words(content, "altText"), field(content, "contents"), ["card"]),
    contentOf: (draft) => ({ altText: draft.altText, contents: layoutOf(draft) }),
  },
  template: {
    hasButtons: true,
    draftOf: (content) => layoutDraftOf(words(content, "altText"), field(content, "template"), TEMPLATES),
    contentOf: (draft) => ({ altText: draft.altText, template: layoutOf(draft) }),
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
