// The band above every screen: the clinic, whether messages go, and what the reader does from everywhere.

import {
  ActionIcon,
  Box,
  Burger,
  Button,
  Group,
  NativeSelect,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from "@mantine/core";
import {
  IconDeviceMobile,
  IconEyeOff,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSchool,
  IconSearch,
  IconSun,
  type IconUsers,
} from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useClinic } from "../components/clinic";
import { useHidden } from "../components/hidden";
import { May } from "../components/may";
import { Tip } from "../components/Tip";
import { chooseLocale, LOCALES, type Locale } from "../i18n";
import { useWords } from "../i18n/useWords";
import { endSession, inWindow } from "../lib/transport";
import { BackToReal, useCanPractise, usePractise } from "../shared/practise";
import { SendingState } from "./SendingState";

/** What the keys do, at a click. */
type Does = { find: () => void; list: () => void; hide: () => void };

export function Header({
  menu,
  toggleMenu,
  phone,
  togglePhone,
  does,
}: {
  menu: boolean;
  toggleMenu: () => void;
  phone: boolean;
  togglePhone: () => void;
  does: Does;
}) {
  const { t } = useWords();
  const { status } = useClinic();
  const hidden = useHidden();
  return (
    <Group h="100%" justify="space-between" wrap="nowrap" gap="xs">
      <Group gap="sm" wrap="nowrap" miw={0} className="header-state">
        <Burger opened={menu} onClick={toggleMenu} hiddenFrom="sm" size="sm" aria-label={t("Menu")} />
        <Box visibleFrom="xs" h={28}>
          <img src="/icon.svg" alt="" width={28} height={28} />
        </Box>
        <Text fw={700} truncate maw={220} visibleFrom="xs">
          {status?.clinicName ?? "Clinicue"}
        </Text>
        <SendingState />
      </Group>
      <Group gap="xs" wrap="nowrap" inert={hidden} className="header-acts">
        <Find run={does.find} />
        {status?.practice && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconDeviceMobile size={16} aria-hidden />}
            aria-pressed={phone}
            onClick={togglePhone}
            visibleFrom="sm"
          >
            {t("Practice phone")}
          </Button>
        )}
        <Group gap="xs" wrap="nowrap" visibleFrom="sm">
          <BackToReal />
          <OwnChoices does={does} />
        </Group>
      </Group>
    </Group>
  );
}

/** Its words where there is room for them. */
function Find({ run }: { run: () => void }) {
  const { t } = useWords();
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconSearch size={16} aria-hidden />}
        onClick={run}
        aria-keyshortcuts="Control+K"
        visibleFrom="lg"
      >
        {t("Search everything")}
      </Button>
      <Box hiddenFrom="lg">
        <Act label={t("Search everything")} Icon={IconSearch} run={run} />
      </Box>
    </>
  );
}

/** What each reader decides for themselves. */
export function OwnChoices({ does }: { does: Does }) {
  const { t } = useWords();
  return (
    <>
      <Language />
      <Scheme />
      <Act label={t("Hide what is known of patients")} Icon={IconEyeOff} run={does.hide} />
      <Act label={t("Keys and privacy")} Icon={IconKeyboard} run={does.list} />
      <Practise />
      {!inWindow && <SignOut />}
    </>
  );
}

function Act({ label, Icon, run }: { label: string; Icon: typeof IconUsers; run: () => void }) {
  return (
    <Tip label={label}>
      <ActionIcon variant="default" size="lg" aria-label={label} onClick={run}>
        <Icon size={18} aria-hidden />
      </ActionIcon>
    </Tip>
  );
}

function Language() {
  const { t, locale } = useWords();
  return (
    <NativeSelect
      size="xs"
      aria-label={t("Language")}
      value={locale}
      onChange={(event) => chooseLocale(event.currentTarget.value as Locale)}
      data={Object.entries(LOCALES).map(([value, label]) => ({ value, label }))}
    />
  );
}

function Scheme() {
  const { t } = useWords();
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme("light") === "dark";
  const label = dark ? t("Light colours") : t("Dark colours");
  return (
    <Act label={label} Icon={dark ? IconSun : IconMoon} run={() => setColorScheme(dark ? "light" : "dark")} />
  );
}

/** Settings are for administrators; everybody who acts may practise. */
function Practise() {
  const { t } = useWords();
  const canPractise = useCanPractise();
  const { practise } = usePractise();
  if (!canPractise) return null;
  return (
    <May ask="open_practice">
      <Act label={t("Open the practice clinic")} Icon={IconSchool} run={practise} />
    </May>
  );
}

function SignOut() {
  const { t } = useWords();
  const client = useQueryClient();
  const leave = async () => {
    await endSession();
    client.resetQueries();
  };
  return <Act label={t("Sign out")} Icon={IconLogout} run={leave} />;
}
