// What goes on when the window is closed or the computer starts: of this computer, in the
// program's own window alone.

import { Stack, Switch, Text } from "@mantine/core";
import type { OnThisComputer, WhenClosed } from "../../bindings";
import { commands } from "../../bindings";
import { Choice } from "../../components/Choice";
import { Loading, Problem } from "../../components/kit";
import type { Label } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { namesOf } from "../../labels";
import { useOnThisComputer } from "../../lib/computer";
import { useSetting } from "../../lib/live";

const WHEN_CLOSED: Record<WhenClosed, Label> = {
  ask: "Ask each time",
  background: "Keep sending in the background",
  quit: "Quit Clinicue",
};

const EXPLAINED: Record<WhenClosed, Label> = {
  ask: "Closing the window asks, and says what waits.",
  background: "Closing the window leaves Clinicue running: it goes on sending.",
  quit: "Closing the window ends Clinicue: nothing goes out until it is opened again; what came due meanwhile is then looked at.",
};

export function OwnWindow() {
  const { data, error, refetch } = useOnThisComputer();
  if (data) return <Chosen now={data} />;
  return error ? <Problem error={error} again={refetch} /> : <Loading rows={2} />;
}

function Chosen({ now }: { now: OnThisComputer }) {
  const { t } = useWords();
  const closing = useSetting(commands.chooseClosing, { whenClosed: now.whenClosed });
  const starting = useSetting(commands.startByItself, { on: now.startsByItself ?? false });
  const { whenClosed } = closing.chosen;
  return (
    <>
      <Stack gap={4}>
        <Text size="sm" fw={600} aria-hidden>
          {t("When the window is closed")}
        </Text>
        <Choice<WhenClosed>
          label={t("When the window is closed")}
          value={whenClosed}
          onChange={(whenClosed) => closing.choose({ whenClosed })}
          data={namesOf(WHEN_CLOSED).map((value) => ({ value, label: t(WHEN_CLOSED[value]) }))}
        />
        <Text size="sm">{t(EXPLAINED[whenClosed])}</Text>
        {!now.hasTray && whenClosed !== "quit" && (
          <Text size="sm">
            {t("This desktop has no tray: in the background the window is made small, and never hidden.")}
          </Text>
        )}
        <Problem error={closing.error} />
      </Stack>
      {now.startsByItself !== null && (
        <Switch
          label={t("Start with this computer")}
          description={t("In the background, as soon as somebody signs in to the computer.")}
          checked={starting.chosen.on}
          onChange={(event) => starting.choose({ on: event.currentTarget.checked })}
        />
      )}
      <Problem error={starting.error} />
    </>
  );
}
