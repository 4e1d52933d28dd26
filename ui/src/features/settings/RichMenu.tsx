// The clinic's menu under the chat: switched on and off, and how far it is at LINE.

import { Alert, Button, Group, Text } from "@mantine/core";
import { commands, type RichMenu as Menu } from "../../bindings";
import { useClinic } from "../../components/clinic";
import { Loading, Problem, Section } from "../../components/kit";
import { LinkAnchor } from "../../components/links";
import type { Translate } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { MENU_STATES } from "../../labels";
import { dateTime } from "../../lib/format";
import { lastError, useAct } from "../../lib/live";
import { useRichMenu } from "../../queries";

/** How far it is, in a sentence. */
function sentenceOf(menu: Menu, t: Translate, time: (at: string) => string): string {
  const words = menu.troubleStatus === null ? t("LINE could not be reached") : (menu.trouble ?? "");
  return t(MENU_STATES[menu.state], { time: menu.since ? time(menu.since) : "", words });
}

export function RichMenu() {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const menu = useRichMenu({}, { refetchInterval: 10_000 });
  const switchOn = useAct(commands.richMenuOn);
  const switchOff = useAct(commands.richMenuOff);
  const time = (at: string) => dateTime(at, locale, timeZone);
  const m = menu.data;
  return (
    <Section id="menu" title={t("Menu in the chat")}>
      <Text size="sm">
        {t(
          "Buttons under the chat, in the patient's language: my next message, I feel worse, call us. Whoever feels worse is urgent on the worklist, and reads whom to call in an emergency.",
        )}
      </Text>
      <Problem error={menu.error ?? lastError(switchOn, switchOff)} />
      {menu.isLoading && <Loading rows={1} />}
      {m && (
        <>
          <Alert color={m.state === "failed" ? "red" : m.state === "on" ? "teal" : "gray"} c="inherit">
            {sentenceOf(m, t, time)}
          </Alert>
          {m.state === "on" && m.seenAt && (
            <Text size="sm" c="dimmed">
              {t("LINE last said that it is there: {time}", { time: time(m.seenAt) })}
            </Text>
          )}
          {m.wanted && m.waiting > 0 && (
            <Text size="sm">
              {t(
                "{n, plural, one {# patient is} other {# patients are}} not shown it in their language yet.",
                { n: m.waiting },
              )}
            </Text>
          )}
          {!m.withCall && <NoCall />}
          <Group>
            {m.wanted ? (
              <Button variant="default" loading={switchOff.isPending} onClick={() => switchOff.mutate({})}>
                {t("Switch the menu off")}
              </Button>
            ) : (
              <Button loading={switchOn.isPending} onClick={() => switchOn.mutate({})}>
                {t("Switch the menu on")}
              </Button>
            )}
          </Group>
        </>
      )}
    </Section>
  );
}

/** Why nobody can call by the menu, and the way to the number. */
function NoCall() {
  const { t } = useWords();
  return (
    <div>
      <Text size="sm" c="dimmed">
        {t("It has no button to call you: that needs the clinic's telephone, and one number alone.")}
      </Text>
      <LinkAnchor size="sm" className="back" to="/settings" hash="clinic">
        {t("Enter the telephone")}
      </LinkAnchor>
    </div>
  );
}
