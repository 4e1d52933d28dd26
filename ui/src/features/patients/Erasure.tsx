// Deleting a patient's data for good: what goes, in numbers, and the name typed before it does.

import { Button, Group, List, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { commands, type Erasure, type Patient } from "../../bindings";
import { Loading, Problem } from "../../components/kit";
import { TypeToConfirm } from "../../components/TypeToConfirm";
import type { Translate } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { useAct } from "../../lib/live";
import { usePatientErasure } from "../../queries";

/** What goes, line by line; what there is none of is not said. */
const taken = ({ messages, answers, words, files, notes }: Erasure, t: Translate): string[] =>
  [
    messages > 0 &&
      t("{count, plural, one {the words of # message} other {the words of # messages}}", { count: messages }),
    answers > 0 &&
      t("{count, plural, one {the words of # answer} other {the words of # answers}}", { count: answers }),
    words > 0 &&
      t(
        "{count, plural, one {# thing the patient wrote or sent} other {# things the patient wrote or sent}}",
        { count: words },
      ),
    files > 0 && t("{count, plural, one {# picture or file} other {# pictures and files}}", { count: files }),
    notes > 0 &&
      t(
        "{count, plural, one {# note or entry of the worklist} other {# notes and entries of the worklist}}",
        { count: notes },
      ),
  ].filter((line): line is string => line !== false);

export function Consequences({ patient, onClose }: { patient: Patient; onClose: () => void }) {
  const { t } = useWords();
  const look = usePatientErasure({ id: patient.id });
  if (!look.data) return look.error ? <Problem error={look.error} again={look.refetch} /> : <Loading />;
  const { followUps, waiting } = look.data;
  if (followUps > 0 || waiting > 0) {
    return (
      <Stack>
        <Text>
          {t("Follow-ups that run: {followUps}. Messages that wait: {waiting}. End and cancel them first.", {
            followUps,
            waiting,
          })}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("Close")}
          </Button>
        </Group>
      </Stack>
    );
  }
  return (
    <Stack>
      <Text>
        {t("This cannot be undone. Make a backup of the data folder first if you may need any of it.")}
      </Text>
      <Text>{t("What goes for good: name, contact and link to LINE, and")}</Text>
      <List size="sm">
        {taken(look.data, t).map((line) => (
          <List.Item key={line}>{line}</List.Item>
        ))}
      </List>
      <Text size="sm">
        {t("That messages were sent and answered stays counted in the statistics, of nobody.")}
      </Text>
      <TypeTheName patient={patient} onClose={onClose} />
    </Stack>
  );
}

function TypeTheName({ patient, onClose }: { patient: Patient; onClose: () => void }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const erase = useAct(
    (confirmName: string) => commands.erasePatient({ id: patient.id, confirmName }),
    () => {
      notifications.show({ color: "teal", message: t("The data were deleted.") });
      return navigate({ to: "/patients" });
    },
  );
  return (
    <TypeToConfirm
      label={t("Type the patient's name to delete the data")}
      name={patient.displayName}
      keep={t("Keep the data")}
      onKeep={onClose}
      act={t("Delete for good")}
      onAct={erase.mutate}
      isPending={erase.isPending}
    >
      <Problem error={erase.error} />
    </TypeToConfirm>
  );
}
