// Putting a backup back: what leaves the program's sight, in numbers, and the clinic's name typed before
// it does. The program ends and begins again, and this page waits for it.

import { Button, Group, List, Loader, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type Backups, commands, type SinceBackup } from "../../bindings";
import { useClinic, useClinicDay } from "../../components/clinic";
import { Loading, Problem } from "../../components/kit";
import { TypeToConfirm } from "../../components/TypeToConfirm";
import type { Translate } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { dateTime } from "../../lib/format";
import { useAct } from "../../lib/live";
import { forgetSignIn, signInAfterwards } from "../../lib/signInAgain";
import { SECOND_MS } from "../../lib/units";
import { useListBackups, useLookAtBackup } from "../../queries";
import { refused } from "../../sayings";

/** What came since, line by line; what there is none of is not said. */
const since = ({ messages, patients, acts }: SinceBackup, t: Translate): string[] =>
  [
    messages > 0 &&
      t(
        "{count, plural, one {# message that was sent or failed} other {# messages that were sent or failed}}",
        {
          count: messages,
        },
      ),
    patients > 0 &&
      t("{count, plural, one {# patient who was added} other {# patients who were added}}", {
        count: patients,
      }),
    acts > 0 &&
      t("{count, plural, one {# entry of the activity} other {# entries of the activity}}", { count: acts }),
  ].filter((line): line is string => line !== false);

type Props = { name: string; all: Backups; onClose: () => void };

export function Restore({ name, all, onClose }: Props) {
  const [asked, setAsked] = useState(false);
  const [before] = useState(all);
  return asked ? (
    <Waiting before={before} onClose={onClose} />
  ) : (
    <Asking name={name} days={before.kept} onClose={onClose} onAsked={() => setAsked(true)} />
  );
}

type Asks = {
  name: string;
  /** How long what is replaced stays; 0 for good. */
  days: number;
  onClose: () => void;
  onAsked: () => void;
};

function Asking({ name, days, onClose, onAsked }: Asks) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const look = useLookAtBackup({ name });
  if (!look.data) return look.error ? <Problem error={look.error} again={look.refetch} /> : <Loading />;
  const lost = since(look.data, t);
  return (
    <Stack>
      <Text>
        {t("Everything stands again as it did on {when}.", {
          when: dateTime(look.data.backup.madeAt, locale, timeZone),
        })}
      </Text>
      {lost.length === 0 ? (
        <Text>{t("Nothing came since then.")}</Text>
      ) : (
        <>
          <Text>
            {days > 0
              ? t(
                  "What came since then is seen no more. For {days, plural, one {# day} other {# days}} it is kept in a folder beside the data:",
                  { days },
                )
              : t("What came since then is seen no more. It is kept in a folder beside the data:")}
          </Text>
          <List size="sm">
            {lost.map((line) => (
              <List.Item key={line}>{line}</List.Item>
            ))}
          </List>
        </>
      )}
      <Text size="sm">
        {t(
          "Clinicue closes for a moment and opens again; everybody else has to sign in anew. Nothing is sent until you resume sending, and what may have gone out since then waits to be looked at.",
        )}
      </Text>
      <TypeTheName name={name} onClose={onClose} onAsked={onAsked} />
    </Stack>
  );
}

function TypeTheName({ name, onClose, onAsked }: { name: string; onClose: () => void; onAsked: () => void }) {
  const { t } = useWords();
  const { clinicName } = useClinicDay();
  const restore = useAct(
    () => commands.restoreBackup({ name, confirmName: name }),
    ({ link }) => {
      signInAfterwards(link);
      onAsked();
    },
  );
  return (
    <TypeToConfirm
      label={t("Type the clinic’s name to put the backup back")}
      name={clinicName.trim() || "Clinicue"}
      keep={t("Keep the data as they are")}
      onKeep={onClose}
      act={t("Put the backup back")}
      onAct={() => restore.mutate()}
      isPending={restore.isPending}
    >
      <Problem error={restore.error} />
    </TypeToConfirm>
  );
}

/** Until the program is back. In a browser the frame signs in again, and this ends with its page. */
function Waiting({ before, onClose }: { before: Backups; onClose: () => void }) {
  const { t, tell } = useWords();
  const client = useQueryClient();
  const { data } = useListBackups({}, { refetchInterval: SECOND_MS });
  const isBack = data !== undefined && data.restoredAt !== before.restoredAt;
  const failed = data?.notRestored?.at === before.notRestored?.at ? null : (data?.notRestored ?? null);
  const isRefused = failed !== null;
  // All that was read until now is of the data from before, and so is the way back in.
  useEffect(() => {
    if (!isBack && !isRefused) return;
    forgetSignIn();
    client.invalidateQueries();
  }, [isBack, isRefused, client]);
  useEffect(() => {
    if (!isBack) return;
    notifications.show({
      color: "teal",
      message: t("The backup is back. Nothing is sent until you resume sending."),
    });
    onClose();
  }, [isBack, t, onClose]);
  if (failed) {
    return (
      <Stack role="alert">
        <Text fw={600}>{t("The backup could not be put back; the data are as they were.")}</Text>
        <Text>{refused({ refusal: failed.refusal, detail: failed.problem }, t, tell)}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("Close")}
          </Button>
        </Group>
      </Stack>
    );
  }
  return (
    <Group wrap="nowrap" role="status">
      <Loader size="sm" />
      <Text>{t("The backup is being put back. Clinicue closes and opens again; keep this page open.")}</Text>
    </Group>
  );
}
