// The fields of a picture and of a video.

import { useWords } from "../../i18n/useWords";
import { MAX_VIDEO_BYTES } from "../../lib/limits";
import { previewFor } from "../../lib/uploads";
import { UploadField } from "../../shared/uploads";
import type { ContentDrafts } from "./contents";
import type { Input } from "./pace";

/** Fills a field as if it had been typed. */
const write = (input: Input, name: string, value: string) => input(name).onChange(value);

export function ImageFields({ draft, input }: { draft: ContentDrafts["image"]; input: Input }) {
  const { t } = useWords();
  return (
    <UploadField
      kind="picture"
      label={t("Address of the picture")}
      input={input("imageUrl")}
      onType={(address) => write(input, "previewImageUrl", previewFor(address, draft.previewImageUrl))}
      onUploaded={({ url, previewUrl }) => {
        write(input, "imageUrl", url);
        write(input, "previewImageUrl", previewUrl);
      }}
    />
  );
}

export function VideoFields({ input }: { input: Input }) {
  const { t } = useWords();
  return (
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
  );
}
