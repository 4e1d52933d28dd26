// What the owner of a practice phone says to the clinic: words, a picture, a place.

import { Button, Group, Stack, TextInput } from "@mantine/core";
import { IconMapPin, IconPhoto } from "@tabler/icons-react";
import { useState } from "react";
import { commands } from "../../bindings";
import { Problem } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { lastError, useAct } from "../../lib/live";

export function PhoneWrite({ lineUserId }: { lineUserId: string }) {
  const { t } = useWords();
  const say = useAct(commands.phoneText);
  const send = useAct(commands.phoneSend);
  const [text, setText] = useState("");
  return (
    <Stack gap="xs">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!text.trim()) return;
          say.mutate({ lineUserId, text });
          setText("");
        }}
      >
        <Group gap="xs" wrap="nowrap">
          <TextInput
            flex={1}
            aria-label={t("Write as the patient")}
            placeholder={t("Write as the patient")}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit" disabled={!text.trim()}>
            {t("Send")}
          </Button>
        </Group>
      </form>
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPhoto size={14} aria-hidden />}
          onClick={() => send.mutate({ lineUserId, what: "picture" })}
        >
          {t("Send a picture")}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconMapPin size={14} aria-hidden />}
          onClick={() => send.mutate({ lineUserId, what: "place" })}
        >
          {t("Send a place")}
        </Button>
      </Group>
      <Problem error={lastError(say, send)} />
    </Stack>
  );
}
