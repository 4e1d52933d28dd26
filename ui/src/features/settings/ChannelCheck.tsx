// Asks LINE how the channel is set up.

import { Button, Group, Stack, Text } from "@mantine/core";
import { commands } from "../../bindings";
import { Problem } from "../../components/kit";
import { Awaited, onDemand } from "../../components/onDemand";
import { useWords } from "../../i18n/useWords";
import { useAct } from "../../lib/live";

const ChannelFound = onDemand(async () => (await import("./ChannelFound")).ChannelFound);

/** Asks LINE on demand; what it found last is known to whoever shows it. */
export const useChannelCheck = () =>
  useAct(async (asked: Parameters<typeof commands.checkChannel>[0]) => {
    const [found] = await Promise.all([commands.checkChannel(asked), ChannelFound.preload()]);
    return found;
  });

export function ChannelCheck({ check }: { check: ReturnType<typeof useChannelCheck> }) {
  const { t } = useWords();
  const found = check.data;
  return (
    <Stack gap="sm">
      <Group>
        <Button variant="light" loading={check.isPending} onClick={() => check.mutate({})}>
          {t("Check the whole set-up")}
        </Button>
        <Text size="sm" c="dimmed">
          {t("Asks LINE only; nothing is sent to patients.")}
        </Text>
      </Group>
      <Problem error={check.error} />
      {found && (
        <Awaited>
          <ChannelFound found={found} />
        </Awaited>
      )}
    </Stack>
  );
}
