// A phone of the practice LINE: what a patient sees, and can answer.

import { Alert, Box, Button, Group, NativeSelect, Stack, Switch, Text } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { commands, type PhoneButton, type Phone as PhoneRow, type SetFault } from "../../bindings";
import { Bubble, type Tap } from "../../components/Bubble";
import { useClinic } from "../../components/clinic";
import { Empty, Loading, Page, Problem } from "../../components/kit";
import { May, useMay } from "../../components/may";
import { useWords } from "../../i18n/useWords";
import { FAULTS, namesOf, optionsOf } from "../../labels";
import { clockTime, chosen as shown } from "../../lib/format";
import { lastError, useAct, useSetting } from "../../lib/live";
import { useGetFault, usePhoneMessages, usePhones } from "../../queries";
import { PhoneReplies } from "./PhoneReplies";
import { PhoneWrite } from "./PhoneWrite";
import { PracticeClock } from "./PracticeClock";

export function PhoneScreen() {
  const { t } = useWords();
  const { phone } = useSearch({ from: "/phone" });
  const navigate = useNavigate({ from: "/phone" });
  return (
    <Page title={t("Practice phone")}>
      <Box maw={440}>
        <Phones inHand={phone} take={(phone) => navigate({ search: { phone } })} />
      </Box>
    </Page>
  );
}

/** The practice phones beside a screen whose address is another. */
export function Phone() {
  const [chosen, choose] = useState<string>();
  return <Phones inHand={chosen} take={choose} />;
}

/** The practice phones, one of them in the hand. */
function Phones({ inHand, take }: { inHand?: string; take: (lineUserId: string) => void }) {
  const { t } = useWords();
  const { data, error, isLoading, refetch } = usePhones({});
  const phones = [...(data?.items ?? [])].sort((a, b) =>
    (b.lastMessageAt ?? "").localeCompare(a.lastMessageAt ?? ""),
  );
  // Whichever is in the hand stays there: a message to another phone is no reason to put it down,
  // with what was half written on it.
  const [held, hold] = useState<string>();
  const by = (id?: string) => phones.find((p) => p.lineUserId === id);
  const phone = by(inHand) ?? by(held) ?? phones[0];
  const shown = phone?.lineUserId;
  useEffect(() => hold(shown), [shown]);
  if (isLoading) return <Loading />;
  if (error && !data) return <Problem error={error} again={refetch} />;
  if (!phone)
    return <Empty text={t("No practice phone yet. Load the demo clinic in Settings, or link a patient.")} />;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t("No message leaves this computer.")}
      </Text>
      <NativeSelect
        label={t("Whose phone")}
        value={phone.lineUserId}
        onChange={(event) => take(event.currentTarget.value)}
        data={phones.map((p) => ({
          value: p.lineUserId,
          label: p.unread > 0 ? `${p.displayName} (${p.unread})` : p.displayName,
        }))}
      />
      <Chat key={phone.lineUserId} phone={phone} />
      <May ask="jump_clock">
        <PracticeClock />
      </May>
      <May ask="set_fault">
        <Faults />
      </May>
    </Stack>
  );
}

function Chat({ phone }: { phone: PhoneRow }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const { lineUserId } = phone;
  const chat = usePhoneMessages({ lineUserId });
  const isAllowed = useMay();
  const tap = useAct(commands.phoneTap);
  // LINE shows nothing of a day that was chosen; here whoever tries it out sees what was sent.
  const [picked, pick] = useState<{ after: string; value: string }[]>([]);
  const onTap: Tap = (data, displayText, params) => {
    tap.mutate({ lineUserId, data, displayText, params });
    const after = chat.data?.items.at(-1)?.id ?? "";
    const values = Object.values(params ?? {}).map((value) => ({ after, value }));
    pick((was) => [...was, ...values]);
  };
  const watch = useAct(commands.phoneWatch);
  const block = useSetting(commands.phoneBlock, { lineUserId, blocked: phone.blocked });
  const end = useRef<HTMLDivElement>(null);
  const count = chat.data?.items.length ?? 0;
  useEffect(() => {
    if (count > 0) end.current?.scrollIntoView?.({ block: "nearest" });
  }, [count]);
  return (
    <Stack gap="sm">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <div className="phone" style={{ height: 400 }} role="log" aria-label={t("Chat")} tabIndex={0}>
        {count === 0 && (
          <Text ta="center" c="#0b1f3a" fw={600}>
            {t("Nothing here yet. What the clinic sends shows here, until Clinicue ends.")}
          </Text>
        )}
        {chat.data?.items.map((said) => (
          <Stack key={said.id} gap={2} align={said.from === "patient" ? "flex-end" : "flex-start"}>
            <Bubble
              message={said.message}
              from={said.from}
              {...(isAllowed("phone_tap") && {
                onTap,
                onWatch: (trackingId: string) => watch.mutate({ lineUserId, trackingId }),
              })}
            />
            <Text size="xs" c="#0b1f3a">
              {clockTime(said.at, locale, timeZone)}
            </Text>
            {picked
              .filter(({ after }) => after === said.id)
              .map(({ value }) => (
                <Text key={value} size="xs" c="#0b1f3a" fw={600} style={{ alignSelf: "flex-end" }}>
                  {t("Chosen: {what}", { what: shown(value, locale) })}
                </Text>
              ))}
          </Stack>
        ))}
        <May ask="phone_tap">
          <PhoneReplies lineUserId={lineUserId} chat={chat.data?.items ?? []} onTap={onTap} />
        </May>
        <div ref={end} />
      </div>
      <May ask="phone_tap">
        <PhoneMenu
          buttons={phone.menu}
          onPress={(data, displayText) => tap.mutate({ lineUserId, data, displayText })}
        />
        <PhoneWrite lineUserId={lineUserId} />
        <Switch
          label={t("The patient blocked the clinic")}
          checked={block.chosen.blocked}
          onChange={(event) => block.choose({ lineUserId, blocked: event.currentTarget.checked })}
        />
      </May>
      <Problem error={lastError(tap, watch, block)} />
    </Stack>
  );
}

/** The clinic's menu under the chat, in the patient's language. */
function PhoneMenu({
  buttons,
  onPress,
}: {
  buttons: PhoneButton[];
  onPress: (data: string, label: string) => void;
}) {
  const { t } = useWords();
  if (buttons.length === 0) return null;
  return (
    <Group gap="xs" grow align="stretch" component="section" aria-label={t("Menu in the chat")}>
      {buttons.map(({ label, data }) => (
        <Button
          key={label}
          size="xs"
          h="auto"
          py={6}
          variant="default"
          styles={{ label: { whiteSpace: "normal" } }}
          disabled={data === null}
          onClick={() => data !== null && onPress(data, label)}
        >
          {label}
        </Button>
      ))}
    </Group>
  );
}

/** What goes wrong at the practice LINE. */
function Faults() {
  const { t } = useWords();
  const fault = useGetFault({});
  const set = useSetting<SetFault>(commands.setFault, { kind: fault.data?.kind ?? "none" });
  const { kind } = set.chosen;
  return (
    <Stack gap={6}>
      <NativeSelect
        label={t("Let something go wrong")}
        value={kind}
        data={optionsOf(FAULTS, t)}
        onChange={(event) => {
          const chosen = namesOf(FAULTS).find((name) => name === event.currentTarget.value) ?? "none";
          set.choose({ kind: chosen, latencyMs: chosen === "latency" ? 3000 : null });
        }}
      />
      {kind !== "none" && (
        <Alert color="orange" p="xs">
          <Group justify="space-between">
            <Text size="sm">{t("The practice LINE fails on purpose.")}</Text>
            <Button size="compact-sm" color="dark" onClick={() => set.choose({ kind: "none" })}>
              {t("Mend it")}
            </Button>
          </Group>
        </Alert>
      )}
      <Problem error={set.error} />
    </Stack>
  );
}
