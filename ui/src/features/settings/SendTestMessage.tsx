// The test message itself, once it is known to whom it goes.

import { Button, Group } from "@mantine/core";
import type { PatientSummary } from "../../bindings";
import { useClinic } from "../../components/clinic";
import { Problem } from "../../components/kit";
import { wordsOf } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { LastSent, useObstacle, WillWait } from "../../shared/obstacle";
import { useSend } from "../../shared/sending";

export function SendTestMessage({ patient }: { patient: PatientSummary }) {
  const { t } = useWords();
  const { status } = useClinic();
  const obstacle = useObstacle(patient);
  const send = useSend(patient, obstacle, () => () => "nowhere");
  const write = async () => {
    const say = await wordsOf(patient.language);
    const text = say("This is a test message from {clinic}. You need not do anything.", {
      clinic: status?.clinicName ?? "",
    });
    send.mutate({ messageType: "text", content: { text } });
  };
  return (
    <>
      <WillWait obstacle={obstacle} />
      <Group>
        <Button variant="light" loading={send.isPending} onClick={write}>
          {t("Send a test message to {name}", { name: patient.displayName })}
        </Button>
      </Group>
      {send.data && <LastSent id={send.data.message.id} />}
      <Problem error={send.error} />
    </>
  );
}
