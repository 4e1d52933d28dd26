// A note of staff, or that the patient was called.

import { Button, Group, Stack, Textarea } from "@mantine/core";
import { useState } from "react";
import type { NoteKind } from "../bindings";
import { useWords } from "../i18n/useWords";
import { NOTE_KINDS, optionsOf } from "../labels";
import { useAct } from "../lib/live";
import { Choice } from "./Choice";
import { Problem } from "./kit";

export function NoteForm({
  write,
  done,
}: {
  write: (note: { kind: NoteKind; text: string }) => Promise<unknown>;
  done?: () => void;
}) {
  const { t } = useWords();
  const [kind, setKind] = useState<NoteKind>("call");
  const [text, setText] = useState("");
  const save = useAct(write, () => {
    setText("");
    done?.();
  });
  return (
    <Stack gap="xs">
      <Choice label={t("Kind of note")} value={kind} onChange={setKind} data={optionsOf(NOTE_KINDS, t)} />
      <Textarea
        aria-label={t("Note")}
        placeholder={t("What was said or found")}
        autosize
        minRows={2}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group justify="flex-end">
        <Button
          size="xs"
          disabled={!text.trim()}
          loading={save.isPending}
          onClick={() => save.mutate({ kind, text: text.trim() })}
        >
          {t("Save note")}
        </Button>
      </Group>
      <Problem error={save.error} />
    </Stack>
  );
}
