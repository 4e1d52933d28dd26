// Pictures and videos of the clinic's own: a field for an address that also takes a file.

import { Button, FileButton, Group, Progress, Stack, Text, TextInput } from "@mantine/core";
import type { GetInputPropsReturnType } from "@mantine/form";
import { IconUpload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Upload } from "../bindings";
import { LinkAnchor } from "../components/links";
import { May } from "../components/may";
import { useWords } from "../i18n/useWords";
import type { ProblemError } from "../lib/transport";
import { ACCEPTED, stillOf, type UploadKind, uploadFile } from "../lib/uploads";
import { useGetSettings } from "../queries";
import { refused } from "../sayings";

type Uploaded = { url: string; previewUrl: string };

type UploadButtonProps = {
  kinds: UploadKind[];
  label: string;
  /** Whether an address can be entered instead. */
  orAddress?: boolean;
  onBusy?: (isBusy: boolean) => void;
  onUploaded: (uploaded: Uploaded, upload: Upload) => void;
};

/** Uploads a file of these kinds, and hands over where it lies then. */
function useUpload({ kinds, onBusy, onUploaded }: UploadButtonProps) {
  const [share, setShare] = useState(0);
  const [unwanted, setUnwanted] = useState<UploadKind | null>(null);
  // The message it is for may have moved, or gone, by the time it is there.
  const latest = useRef<typeof onUploaded | null>(null);
  useEffect(() => {
    latest.current = onUploaded;
    return () => {
      latest.current = null;
    };
  });
  const send = useMutation<void, ProblemError, File>({
    onMutate: () => onBusy?.(true),
    onSettled: () => onBusy?.(false),
    mutationFn: async (file) => {
      setShare(0);
      setUnwanted(null);
      const upload = await uploadFile(file, setShare);
      if (!kinds.includes(upload.kind)) return setUnwanted(upload.kind);
      const { url, previewUrl } = upload;
      if (url === null || previewUrl === null) return;
      latest.current?.({ url, previewUrl: (await pictureOf(upload, file)) ?? previewUrl }, upload);
    },
  });
  return { send, share, unwanted };
}

/** Chooses a file and uploads it; says how far it is, and what was wrong. */
export function UploadButton(props: UploadButtonProps) {
  const { kinds, label, orAddress = false } = props;
  const { t, tell } = useWords();
  const settings = useGetSettings({});
  const { send, share, unwanted } = useUpload(props);
  // A browser says nothing where the same file is chosen once more.
  const reset = useRef<() => void>(null);
  if (settings.data?.publicUrl === null) return <NoPublicAddress orAddress={orAddress} />;
  return (
    <Stack gap={4} align="flex-start">
      <FileButton
        resetRef={reset}
        accept={kinds.map((kind) => ACCEPTED[kind]).join(",")}
        onChange={(file) => file && send.mutate(file, { onSettled: () => reset.current?.() })}
      >
        {(button) => (
          <Button
            {...button}
            size="compact-sm"
            variant="default"
            leftSection={<IconUpload size={14} aria-hidden />}
            loading={send.isPending}
          >
            {label}
          </Button>
        )}
      </FileButton>
      {send.isPending && (
        <Progress.Root w={200}>
          <Progress.Section value={share * 100} aria-label={t("Uploaded so far")} />
        </Progress.Root>
      )}
      {unwanted && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {unwanted === "video"
            ? t("This is a video. A picture is needed here.")
            : t("This is a picture. A video is needed here.")}
        </Text>
      )}
      {send.error && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {refused(send.error.problem, t, tell)}
        </Text>
      )}
    </Stack>
  );
}

function NoPublicAddress({ orAddress }: { orAddress: boolean }) {
  const { t } = useWords();
  return (
    <div>
      <Text size="xs" c="dimmed" maw={360}>
        {t("To upload a file, enter the clinic's public address in Settings.")}{" "}
        {orAddress && t("Until then enter the address of one that lies elsewhere.")}
      </Text>
      <May ask="update_settings">
        <LinkAnchor size="xs" className="back" to="/settings" hash="clinic">
          {t("Enter the public address")}
        </LinkAnchor>
      </May>
    </div>
  );
}

/** A still of a video, uploaded beside it; the core's drawn one does where there is none. */
async function pictureOf(upload: Upload, file: File): Promise<string | null> {
  if (upload.kind !== "video") return null;
  const still = await stillOf(file);
  const kept = still && (await uploadFile(still, () => {}).catch(() => null));
  return kept?.previewUrl ?? null;
}

/** An address that may also be that of a file uploaded here. */
export function UploadField({
  kind,
  label,
  description,
  input,
  onType,
  onUploaded,
}: {
  kind: UploadKind;
  label: string;
  description?: string;
  input: GetInputPropsReturnType;
  onType?: (address: string) => void;
  onUploaded: (uploaded: Uploaded) => void;
}) {
  const { t } = useWords();
  return (
    <Stack gap={4}>
      <TextInput
        label={label}
        description={description}
        placeholder="https://"
        {...input}
        onChange={(event) => {
          input.onChange(event);
          onType?.(event.currentTarget.value);
        }}
      />
      <Group>
        <UploadButton
          kinds={[kind]}
          orAddress
          label={kind === "video" ? t("Upload a video") : t("Upload a picture")}
          onUploaded={onUploaded}
        />
      </Group>
    </Stack>
  );
}
