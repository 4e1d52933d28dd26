// The demo clinic of practice mode: what its part of the settings holds.

import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { commands } from "../../bindings";
import { Problem } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { lastError, useAct } from "../../lib/live";

export function Demo() {
  const { t } = useWords();
  const load = useAct(commands.loadDemo, ({ patients }) =>
    notifications.show({
      color: "teal",
      message: t("{n, plural, one {# demo patient} other {# demo patients}} loaded.", { n: patients }),
    }),
  );
  const remove = useAct(commands.removeDemo, ({ removed }) =>
    notifications.show({
      color: "teal",
      message: t("The demo clinic is gone ({n, plural, one {# entry} other {# entries}}).", { n: removed }),
    }),
  );
  return (
    <>
      <Text size="sm">
        {t("Made-up patients and care plans to try things out, marked “Demo” everywhere.")}
      </Text>
      <Group>
        <Button variant="light" loading={load.isPending} onClick={() => load.mutate({})}>
          {t("Load the demo clinic")}
        </Button>
        <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate({})}>
          {t("Remove the demo clinic")}
        </Button>
      </Group>
      <Problem error={lastError(load, remove)} />
    </>
  );
}
