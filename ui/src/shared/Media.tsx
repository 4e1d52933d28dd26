// A picture, video, sound or file of a patient: seen, heard or saved, or why it is not here.

import { Button, Group, Image, Loader, Stack, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconDownload, IconPlayerPlay } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { PatientMedia } from "../bindings";
import { Dialog } from "../components/Dialog";
import { Problem } from "../components/kit";
import { useWords } from "../i18n/useWords";
import { MEDIA_REASONS } from "../labels";
import { byteSize } from "../lib/format";
import { saveMedia, useMedia } from "../lib/media";
import type { ProblemError } from "../lib/transport";
import { MINUTE_MS } from "../lib/units";

export function Media({ media, kind }: { media: PatientMedia; kind: string }) {
  const { t } = useWords();
  if (media.state !== "stored") {
    return (
      <Text size="sm" c="dimmed">
        {media.reason ? t(MEDIA_REASONS[media.reason]) : t("Still being fetched from LINE")}
      </Text>
    );
  }
  const type = media.mediaType?.split("/")[0];
  // A voice message comes in the same box as a video.
  const shown = type === "video" && kind === "audio" ? "audio" : type;
  return (
    <Stack gap={4} align="flex-start">
      {shown === "image" && <Picture id={media.id} />}
      {(shown === "video" || shown === "audio") && <Player id={media.id} sound={shown === "audio"} />}
      <Save media={media} kind={kind} />
    </Stack>
  );
}

/** The address it is shown from, once that is known. A film that plays keeps its address when the
 *  read is repeated; it takes the new one only when its own has expired. */
function useShown(id: string, wanted: boolean) {
  const taken = useMedia({ id }, { enabled: wanted, staleTime: Number.POSITIVE_INFINITY, gcTime: MINUTE_MS });
  const [here, setHere] = useState<string>();
  const [kept, setKept] = useState<string>();
  const [ended, setEnded] = useState<string>();
  const blob = taken.data && "blob" in taken.data ? taken.data.blob : undefined;
  useEffect(() => {
    if (!blob) return;
    const made = URL.createObjectURL(blob);
    setHere(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  const given = taken.data && "url" in taken.data ? taken.data.url : undefined;
  if (given && given !== kept && (!kept || kept === ended)) setKept(given);
  // An address that has expired is replaced. One that never showed anything is not: a new one would
  // show nothing either, and asking would go on for ever.
  const [worked, setWorked] = useState(true);
  const [isLost, lose] = useState(false);
  const again = () => {
    if (kept !== undefined && kept === ended) return;
    if (!kept || !worked) return lose(true);
    setWorked(false);
    setEnded(kept);
    taken.refetch();
  };
  const loaded = () => setWorked(true);
  return { url: kept ?? here, error: taken.error, isLoading: taken.isLoading, isLost, again, loaded };
}

function Picture({ id }: { id: string }) {
  const { t } = useWords();
  const [open, { open: enlarge, close }] = useDisclosure();
  const { url, error, isLoading, isLost, again, loaded } = useShown(id, true);
  const alt = t("Picture the patient sent");
  if (isLost) return <Lost words={t("It cannot be shown here. Save the file to open it.")} />;
  return (
    <>
      {isLoading && <Loader size="sm" aria-label={t("Still being fetched from LINE")} />}
      <Problem error={error} />
      {url && (
        <UnstyledButton onClick={enlarge} aria-label={t("Show the picture larger")}>
          <Image
            src={url}
            alt={alt}
            h={120}
            w="auto"
            maw={240}
            fit="contain"
            radius="sm"
            onError={again}
            onLoad={loaded}
          />
        </UnstyledButton>
      )}
      <Dialog
        opened={open}
        onClose={close}
        title={alt}
        size="auto"
        closeButtonProps={{ "aria-label": t("Close") }}
      >
        <Image src={url} alt={alt} mah="80vh" w="auto" maw="100%" fit="contain" />
      </Dialog>
    </>
  );
}

/** What this computer has no way to show. */
function Lost({ words }: { words: string }) {
  return (
    <Text size="sm" c="dimmed">
      {words}
    </Text>
  );
}

/** Nothing is taken until somebody wants to see or hear it: a film may have 200 MB. */
function Player({ id, sound }: { id: string; sound: boolean }) {
  const { t } = useWords();
  const [wanted, setWanted] = useState(false);
  const { url, error, isLoading, isLost, again, loaded } = useShown(id, wanted);
  if (isLost) return <Lost words={t("It cannot be played here. Save the file to open it.")} />;
  const label = sound ? t("Sound the patient sent") : t("Video the patient sent");
  return (
    <>
      {!url && (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlayerPlay size={14} aria-hidden />}
          loading={isLoading}
          onClick={() => setWanted(true)}
        >
          {sound ? t("Play the sound") : t("Play the video")}
        </Button>
      )}
      <Problem error={error} />
      {url && <Tape url={url} sound={sound} label={label} again={again} loaded={loaded} />}
    </>
  );
}

type Taped = { url: string; sound: boolean; label: string; again: () => void; loaded: () => void };

function Tape({ url, sound, label, again, loaded }: Taped) {
  const Tag = sound ? "audio" : "video";
  return (
    <Tag
      src={url}
      controls
      aria-label={label}
      onError={again}
      onLoadedData={loaded}
      style={{ maxWidth: "min(360px, 100%)", maxHeight: 300 }}
    />
  );
}

function Save({ media, kind }: { media: PatientMedia; kind: string }) {
  const { t, locale } = useWords();
  const save = useMutation<string | null, ProblemError>({
    mutationFn: () => saveMedia(media, kind),
    onSuccess: (path) => {
      if (path) notifications.show({ color: "teal", message: t("Saved to {path}", { path }) });
    },
  });
  return (
    <Group gap="xs">
      {media.fileName && (
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {media.fileName}
        </Text>
      )}
      {media.size !== null && (
        <Text size="xs" c="dimmed">
          {byteSize(media.size, locale)}
        </Text>
      )}
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<IconDownload size={14} aria-hidden />}
        loading={save.isPending}
        onClick={() => save.mutate()}
      >
        {t("Save the file")}
      </Button>
      <Problem error={save.error} />
    </Group>
  );
}
