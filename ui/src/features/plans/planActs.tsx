// What may be done with a care plan as a whole, in the list and on its own page.

import { Button, type MantineSize, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconArchiveOff, IconCopy, IconDownload } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { commands, type OneProtocol, type ProtocolSummary } from "../../bindings";
import { confirmFirst } from "../../components/confirm";
import { Problem } from "../../components/kit";
import { May } from "../../components/may";
import { useWords } from "../../i18n/useWords";
import { saveText } from "../../lib/download";
import { useAct } from "../../lib/live";
import { fileNameOf, fileOf } from "./planFile";

type Plan = Pick<ProtocolSummary, "id" | "name" | "version" | "activeAssignments" | "actions">;

type Act = { plan: Plan; size?: MantineSize };

/** A copy opens in the editor and is saved there, or not at all. */
export function DuplicatePlan({ plan: { id }, size = "xs" }: Act) {
  const { t } = useWords();
  return (
    <May ask="create_protocol">
      <Button
        size={size}
        variant="default"
        leftSection={<IconCopy size={16} aria-hidden />}
        renderRoot={(props) => <Link to="/plans/new" search={{ copy: id }} {...props} />}
      >
        {t("Duplicate")}
      </Button>
    </May>
  );
}

/** The newest version as a file. */
export function ExportPlan({ plan, size = "xs" }: Act) {
  const { t } = useWords();
  const take = useAct(async (input: OneProtocol) => {
    const whole = await commands.getProtocol(input);
    const path = await saveText(fileNameOf(whole), fileOf(whole));
    // A browser shows by itself what it saved.
    if (path) notifications.show({ color: "teal", message: t("The file is {path}", { path }) });
  });
  return (
    <>
      <Button
        size={size}
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden />}
        loading={take.isPending}
        onClick={() => take.mutate({ id: plan.id })}
      >
        {t("Export")}
      </Button>
      <Problem error={take.error} />
    </>
  );
}

/** Puts a plan away, once it was said whom that concerns. */
export function useArchive(plan: Plan) {
  const { t } = useWords();
  const act = useAct(commands.archiveProtocol, () =>
    notifications.show({ color: "teal", message: t("{name} is archived.", { name: plan.name }) }),
  );
  const ask = () =>
    confirmFirst({
      title: t("Archive {name}", { name: plan.name }),
      children: (
        <Stack gap="xs">
          <Text size="sm">
            {plan.activeAssignments === 0
              ? t("No follow-up runs with it.")
              : t(
                  "{n, plural, one {# follow-up runs with it and goes on} other {# follow-ups run with it and go on}} to the end.",
                  { n: plan.activeAssignments },
                )}
          </Text>
          <Text size="sm">{t("New follow-ups cannot be started with it until it is brought back.")}</Text>
        </Stack>
      ),
      labels: { confirm: t("Archive"), cancel: t("Back") },
      onConfirm: () => act.mutate({ id: plan.id }),
    });
  return { ask, act };
}

/** Offers an archived plan again. */
export function BringBackPlan({ plan, size = "xs" }: Act) {
  const { t } = useWords();
  const act = useAct(commands.bringBackProtocol, () =>
    notifications.show({ color: "teal", message: t("{name} is offered again.", { name: plan.name }) }),
  );
  if (!plan.actions.includes("bringBack")) return null;
  return (
    <May ask="bring_back_protocol">
      <Button
        size={size}
        variant="default"
        leftSection={<IconArchiveOff size={16} aria-hidden />}
        loading={act.isPending}
        onClick={() => act.mutate({ id: plan.id })}
      >
        {t("Bring back")}
      </Button>
      <Problem error={act.error} />
    </May>
  );
}
