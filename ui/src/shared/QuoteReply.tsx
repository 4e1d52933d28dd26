// An answer to a patient that quotes their words.

import { Button, Collapse, Stack, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { LIMITS, type Patient, type PatientWords } from "../bindings";
import { Problem } from "../components/kit";
import { useWords } from "../i18n/useWords";
import { useObstacle, WillWait } from "./obstacle";
import { useSend } from "./sending";

export function QuoteReply({ patient, said }: { patient: Patient; said: PatientWords }) {
  const { t } = useWords();
  const [isOpen, { toggle, open, close }] = useDisclosure();
  const [text, write] = useState("");
  const obstacle = useObstacle(patient);
  const send = useSend(patient, obstacle, () => {
    write("");
    close();
    return () => {
      open();
      write((now) => [text, now].filter((words) => words !== "").join("\n"));
      return "box";
    };
  });
  if (!said.quoteToken || said.unsentAt) return null;
  const content = { text: text.trim(), quoteToken: said.quoteToken };
  return (
    <Stack gap={4} align="flex-start">
      <Button size="compact-xs" variant="subtle" aria-expanded={isOpen} onClick={toggle}>
        {t("Answer with a quote")}
      </Button>
      <Collapse expanded={isOpen} w="100%">
        {isOpen && (
          <Stack gap="xs" align="flex-start" data-at-work>
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
              onClick={() => send.mutate({ messageType: "text", content })}
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
