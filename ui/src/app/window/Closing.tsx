// What happens when the window is closed, or the program is to end: asked, with what waits.

import { Button, Checkbox, Group, Modal, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { type ClosingAsked, commands } from "../../bindings";
import { Problem } from "../../components/kit";
import type { Translate } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { useAct } from "../../lib/live";

export function Closing() {
  const [asked, ask] = useState<ClosingAsked | null>(null);
  useEffect(() => {
    const stop = import("@tauri-apps/api/event").then(({ listen }) =>
      listen<ClosingAsked>("closing", ({ payload }) => {
        ask(payload);
        // Where no page says that it heard, the program ends: a page that is broken cannot ask.
        void commands.closingHeard();
      }),
    );
    return () => void stop.then((end) => end());
  }, []);
  return asked && <Question asked={asked} close={() => ask(null)} />;
}

function Question({ asked, close }: { asked: ClosingAsked; close: () => void }) {
  const { t } = useWords();
  const [always, setAlways] = useState(false);
  const act = useAct(commands.closeNow, close);
  return (
    <Modal
      opened
      onClose={close}
      title={asked.quits ? t("Quit Clinicue?") : t("What is closing to do?")}
      closeButtonProps={{ "aria-label": t("Back") }}
    >
      <Stack>
        <Text fw={600}>{waitingIn(asked, t)}</Text>
        <Text size="sm">
          {t(
            "After quitting nothing goes out until Clinicue is opened again; what came due meanwhile is then looked at.",
          )}
        </Text>
        <Text size="sm">
          {asked.hasTray
            ? t("In the background it goes on sending. Its icon in the tray opens the window again.")
            : t(
                "In the background it goes on sending. The window is made small: this desktop has no tray for its icon.",
              )}
        </Text>
        {!asked.quits && (
          <Checkbox
            label={t("Do this whenever the window is closed")}
            description={t("It can be changed under Settings, This device.")}
            checked={always}
            onChange={(event) => setAlways(event.currentTarget.checked)}
          />
        )}
        <Problem error={act.error} />
        <Group justify="flex-end" gap="xs">
          <Button
            variant="default"
            loading={act.isPending && act.variables.how === "quit"}
            onClick={() => act.mutate({ how: "quit", always })}
          >
            {t("Quit Clinicue")}
          </Button>
          <Button
            data-autofocus
            loading={act.isPending && act.variables.how === "background"}
            onClick={() => act.mutate({ how: "background", always })}
          >
            {t("Keep sending in the background")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function waitingIn({ waiting: n, hasMore }: ClosingAsked, t: Translate): string {
  if (n === null) return t("How many messages wait is not known.");
  if (n === 0) return t("No message is to go out in the next 24 hours.");
  if (hasMore) return t("More than {n} messages are to go out in the next 24 hours.", { n });
  return t("{n, plural, one {# message is} other {# messages are}} to go out in the next 24 hours.", { n });
}
