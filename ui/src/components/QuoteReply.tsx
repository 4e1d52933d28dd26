// An answer to a patient that quotes their words.

import { Button, Collapse, Stack, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { commands, LIMITS, type Patient, type PatientWords } from "../bindings";
import { useWords } from "../i18n/useWords";
import { useAct } from "../lib/live";
import { Problem } from "./kit";
import { useObstacle, useSaySent, WillWait } from "./obstacle";

export function QuoteReply({ patient, said }: { patient: Patient; said: PatientWords }) {
  const { t } = useWords();
  const [open, { toggle, close }] = useDisclosure();
  const [text, write] = useState("");
  const obstacle = useObstacle(patient);
  const say = useSaySent(obstacle);
  const send = useAct(commands.sendMessage, (message) => {
    write("");
    close();
    say(message);
  });
  if (!said.quoteToken || said.unsentAt) return null;
  const content = { text: text.trim(), quoteToken: said.quoteToken };
  return (
    <Stack gap={4} align="flex-start">
      <Button size="compact-xs" variant="subtle" aria-expanded={open} onClick={toggle}>
        {t("Answer with a quote")}
      </Button>
      <Collapse expanded={open} w="100%">
        {open && (
          <Stack gap="xs" align="flex-start">
            <Textarea
              w="100%"
              autosize
              label={t("Your message; it quotes these words")}
              maxLength={LIMITS.TextContent.text.maxLength}
              value={text}
              onChange={(event) => write(event.currentTarget.value)}
            />
            <WillWait obstacle={obstacle} />
            <Button
              size="xs"
              disabled={content.text === ""}
              loading={send.isPending}
              onClick={() => send.mutate({ patientId: patient.id, messageType: "text", content })}
            >
              {t("Send now")}
            </Button>
            <Problem error={send.error} />
          </Stack>
        )}
      </Collapse>
    </Stack>
  );
}
