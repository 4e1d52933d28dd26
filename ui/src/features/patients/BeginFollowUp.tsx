// A chosen care plan is started for one patient: from when, and all that would be sent.

import { Alert, Button, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle } from "@tabler/icons-react";
import { type Assignment, commands, type Patient } from "../../bindings";
import { LifeBadge } from "../../components/badges";
import { useClinic, useNow } from "../../components/clinic";
import { Problem, When } from "../../components/kit";
import { StartField, useStart } from "../../components/StartField";
import { useWords } from "../../i18n/useWords";
import { dateTime } from "../../lib/format";
import { useAct } from "../../lib/live";
import { MINUTE_MS } from "../../lib/units";
import { useObstacle, WillWait, willWait } from "../../shared/obstacle";
import { Sends } from "../../shared/Sends";

type Chosen = {
  protocolId: string;
  patient: Patient;
  /** Those of the same plan that are not over. */
  running: Assignment[];
  onStarted: () => void;
};

export function BeginFollowUp({ protocolId, patient, running, onStarted }: Chosen) {
  const { t } = useWords();
  const start = useStart();
  const { startsAt } = start;
  const obstacle = useObstacle(patient, startsAt ?? null);
  const assign = useAssign({ patient, onStarted, obstacle });
  return (
    <>
      <Doubled running={running} />
      <StartField start={start} />
      {start.isReady && <Sends protocolId={protocolId} startsAt={startsAt} patientId={patient.id} />}
      <WillWait obstacle={obstacle} />
      <Button
        w="fit-content"
        disabled={!start.isReady}
        loading={assign.isPending}
        onClick={() => assign.mutate({ protocolId, startsAt })}
      >
        {t("Start follow-up")}
      </Button>
      <Problem error={assign.error} />
    </>
  );
}

type Assigned = Pick<Chosen, "patient" | "onStarted"> & { obstacle: ReturnType<typeof useObstacle> };

/** Makes the follow-up and starts it, and tells when it begins. */
function useAssign({ patient, onStarted, obstacle }: Assigned) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const now = useNow();
  return useAct(
    async ({ protocolId, startsAt }: { protocolId: string; startsAt?: string }) => {
      const { id } = await commands.createAssignment({ patientId: patient.id, protocolId });
      return commands.startAssignment({ id, startsAt });
    },
    ({ startedAt }) => {
      const isLater = startedAt !== null && Date.parse(startedAt) > now + MINUTE_MS;
      const said = isLater
        ? t("The follow-up starts {when}.", { when: dateTime(startedAt, locale, timeZone) })
        : t("The follow-up runs.");
      notifications.show({
        color: obstacle ? "orange" : "teal",
        message: [said, obstacle && willWait(obstacle, t)].filter(Boolean).join(" "),
      });
      onStarted();
    },
  );
}

/** Warns that the patient follows the same plan already. */
function Doubled({ running }: Pick<Chosen, "running">) {
  const { t } = useWords();
  if (running.length === 0) return null;
  return (
    <Alert
      color="orange"
      p="xs"
      icon={<IconAlertTriangle aria-hidden />}
      title={t("The patient follows this care plan already")}
    >
      {running.map(({ id, status, startedAt }) => (
        <Text key={id} size="sm" component="div">
          <LifeBadge status={status} /> {startedAt && <When at={startedAt} />}
        </Text>
      ))}
      <Text size="sm">{t("Started once more, its messages go out twice.")}</Text>
    </Alert>
  );
}
