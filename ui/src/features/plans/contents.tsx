// What the steps say, by the type of their message: what the editor holds of each, the way to
// and from the core's content, and its fields. A new type is one entry in each of the two tables.

import type { GetInputPropsReturnType } from "@mantine/form";
import type { ReactNode } from "react";
import { LIMITS, type MessageType } from "../../bindings";
import { UploadField } from "../../components/uploads";
import { LineWithVariables, TextWithVariables } from "../../components/variables";
import type { Translate } from "../../i18n";
import { previewFor } from "../../lib/uploads";

const { maxLength: MAX_TEXT } = LIMITS.TextContent.text;

/** Before anything is written; each type has its own: who looks at another one loses nothing. */
export const EMPTY_CONTENTS = {
  text: { text: "" },
  image: { imageUrl: "", previewImageUrl: "" },
  video: { videoUrl: "", previewImageUrl: "" },
  flex: { altText: "", json: "" },
  template: { altText: "", json: "" },
} satisfies Record<MessageType, Record<string, string>>;

/** What the form holds. */
export type ContentDrafts = typeof EMPTY_CONTENTS;

type Input = (name: string) => GetInputPropsReturnType;

type Kind<D> = {
  /** The member of the content that is written as JSON, in a field of its own. */
  json?: string;
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
    fields: ({ text }, input, t) => (
      <TextWithVariables
        place="step"
        label={t("Text")}
        description={`${text.length} / ${MAX_TEXT}`}
        error={text.length > MAX_TEXT ? t("At most {n} characters.", { n: MAX_TEXT }) : undefined}
        autosize
        minRows={3}
        {...input("text")}
      />
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
            "MP4, up to 200 MB. It is kept as it is: a phone may write into it where it was made.",
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
    json: "contents",
    hasButtons: true,
    draftOf: (content) => layoutOf(content, "contents"),
    contentOf: ({ altText, json }) => ({ altText, contents: parsed(json) }),
    fields: (_, input, t) => layoutFields(input, t),
  },
  template: {
    json: "template",
    hasButtons: true,
    draftOf: (content) => layoutOf(content, "template"),
    contentOf: ({ altText, json }) => ({ altText, template: parsed(json) }),
    fields: (_, input, t) => layoutFields(input, t),
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

function layoutOf(content: unknown, part: string) {
  const layout = field(content, part);
  return {
    altText: words(content, "altText"),
    json: layout === undefined ? "" : JSON.stringify(layout, null, 2),
  };
}

/** JSON that cannot be read is left as text, for the core to refuse. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

const layoutFields = (input: Input, t: Translate) => (
  <>
    <LineWithVariables place="lockScreen" label={t("Text for the lock screen")} {...input("altText")} />
    <TextWithVariables
      place="step"
      label={t("JSON")}
      autosize
      minRows={5}
      ff="monospace"
      {...input("json")}
    />
  </>
);

/** Whether a message of this type can have buttons of its own. */
export const hasButtons = (type: MessageType): boolean => KINDS[type].hasButtons;

/** The field that holds a part of a content, which may lie deep in what is written as JSON. */
export function fieldInContent(type: MessageType, path: string): string {
  const { json } = KINDS[type];
  return json !== undefined && path.split(/[.[]/)[0] === json ? "json" : path;
}

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
