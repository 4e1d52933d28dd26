import {
  ActionIcon,
  AppShell,
  Badge,
  Box,
  Burger,
  Button,
  CloseButton,
  Group,
  NativeSelect,
  NavLink,
  Text,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import {
  IconDeviceMobile,
  IconLogout,
  IconMoon,
  IconPlayerPause,
  IconPlayerPlay,
  IconSun,
} from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useLocation, useMatches } from "@tanstack/react-router";
import { commands, type Status } from "../bindings";
import { ClinicProvider, useClinic } from "../components/clinic";
import { Empty, Page } from "../components/kit";
import { Phone } from "../features/phone/Phone";
import { chooseLocale, type Label, LOCALES, type Locale, type Translate } from "../i18n";
import { useWords } from "../i18n/useWords";
import { ALERTS, PROBLEMS, SENDING, TROUBLES } from "../labels";
import { clockTime } from "../lib/format";
import { useAct, useChanges } from "../lib/live";
import { may } from "../lib/roles";
import { endSession, inWindow, type ProblemError } from "../lib/transport";
import { useStatus } from "../queries";
import { refused, whoIn } from "../sayings";
import { useFocusKept } from "./focus";
import { useUrgentNotice } from "./notice";
import { SignIn } from "./SignIn";
import { screens } from "./screens";

/** The frame around every screen; without a session, the way in. */
export function Shell() {
  const { data, error } = useStatus({});
  if (error?.problem.code === "unauthenticated") return <SignIn />;
  if (!data && !error) return null;
  return (
    <ClinicProvider>
      <Frame />
    </ClinicProvider>
  );
}

function Frame() {
  useChanges();
  useUrgentNotice();
  useFocusKept();
  const { t } = useWords();
  const { status } = useClinic();
  const [menu, { toggle, close }] = useDisclosure();
  const [phone, { toggle: togglePhone, close: closePhone }] = useDisclosure();
  return (
    <Box data-mode={status?.sending ?? "running"}>
      <AppShell
        header={{ height: 60 }}
        navbar={{ width: 232, breakpoint: "sm", collapsed: { mobile: !menu } }}
        aside={{ width: 400, breakpoint: "md", collapsed: { mobile: !phone, desktop: !phone } }}
        padding="lg"
      >
        <AppShell.Header px="md">
          <Group h="100%" justify="space-between" wrap="nowrap" gap="xs">
            <Group gap="sm" wrap="nowrap">
              <Burger opened={menu} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t("Menu")} />
              <Box visibleFrom="xs" h={28}>
                <img src="/icon.svg" alt="" width={28} height={28} />
              </Box>
              <Text fw={700} truncate maw={220} visibleFrom="xs">
                {status?.clinicName ?? "Clinicue"}
              </Text>
              <SendingPill />
            </Group>
            <Group gap="xs" wrap="nowrap">
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
                <OwnChoices />
              </Group>
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p="sm" style={{ overflowY: "auto" }} aria-label={t("Screens")}>
          <Links onLeave={close} />
          {/* In the header there is no room for them. */}
          <Group gap="xs" mt="md" hiddenFrom="sm">
            <OwnChoices />
          </Group>
        </AppShell.Navbar>
        <AppShell.Main>
          <Screen />
        </AppShell.Main>
        {phone && (
          <AppShell.Aside p="md" style={{ overflowY: "auto" }} aria-label={t("Practice phone")}>
            <Group justify="space-between" mb="xs">
              <Text fw={700}>{t("Practice phone")}</Text>
              <CloseButton aria-label={t("Close")} onClick={closePhone} />
            </Group>
            <Phone />
          </AppShell.Aside>
        )}
      </AppShell>
    </Box>
  );
}

/** The screen of the menu that a page belongs to: of those above it the nearest. */
function placeOf(pathname: string) {
  const paths = screens
    .filter((route) => route.options.staticData?.screen?.Icon)
    .map((route) => route.fullPath);
  const above = paths.filter(
    (path) => pathname === path || (path !== "/" && pathname.startsWith(`${path}/`)),
  );
  return above.sort((a, b) => b.length - a.length)[0];
}

/** What each reader decides for themselves. */
function OwnChoices() {
  return (
    <>
      <Language />
      <Scheme />
      {!inWindow && <SignOut />}
    </>
  );
}

function Links({ onLeave }: { onLeave: () => void }) {
  const { t } = useWords();
  const { status } = useClinic();
  const { pathname } = useLocation();
  if (!status) return null;
  const here = placeOf(pathname);
  return screens.map((route) => {
    const { screen } = route.options.staticData ?? {};
    if (!screen?.Icon || !may(status.role, screen.ask)) return null;
    if (screen.practice && !status.practice) return null;
    const { label, Icon, count } = screen;
    const to = route.fullPath;
    const n = count?.(status) ?? 0;
    return (
      <NavLink
        key={to}
        component={Link}
        to={to}
        label={t(label)}
        leftSection={<Icon size={20} aria-hidden />}
        active={to === here}
        // The router's own mark stands on every screen above the page, too.
        activeOptions={{ exact: true, includeSearch: false }}
        activeProps={{}}
        aria-current={to === here ? "page" : undefined}
        onClick={onLeave}
        rightSection={
          n > 0 ? (
            <Badge
              color="red.8"
              size="sm"
              circle={n < 10}
              aria-label={t("{n, plural, one {# needs you} other {# need you}}", { n })}
            >
              {n}
            </Badge>
          ) : undefined
        }
        styles={{ root: { borderRadius: 8, minHeight: 44 } }}
      />
    );
  });
}

/** The screen of the address, for those who may look. */
function Screen() {
  const { t } = useWords();
  const { status } = useClinic();
  const shown = useMatches().at(-1)?.staticData.screen;
  if (!shown || !status || may(status.role, shown.ask)) return <Outlet />;
  return (
    <Page title={t(shown.label)}>
      <Empty text={t("You are not allowed to do this")} />
    </Page>
  );
}

/** What the pill shows: whether messages are being sent, or what is wrong though they are. */
function pillOf(status: Status): [label: Label, color: string] {
  const { label, color, goes } = SENDING[status.sending];
  return goes && status.alertCode ? ["Something is wrong", "red.9"] : [label, color];
}

/** The same in a sentence: why not, or what is wrong. */
function pillDetail(status: Status, t: Translate): string {
  const { goes, detail } = SENDING[status.sending];
  if (goes && status.alertCode) return t(ALERTS[status.alertCode]);
  if (status.sending === "paused" && status.pausedBy)
    return t("Paused by {who}", { who: whoIn(status.pausedBy, t) });
  return t(status.sendingTrouble ? TROUBLES[status.sendingTrouble] : detail);
}

function pillText(status: Status, t: Translate, locale: string): string {
  const label = t(pillOf(status)[0]);
  if (!status.sendingSince) return label;
  return `${label} · ${clockTime(status.sendingSince, locale, status.timeZone)}`;
}

/** Whether messages are being sent; one click stops them all. */
function SendingPill() {
  const { t, tell, locale } = useWords();
  const { status } = useClinic();
  // There is no room beside the pill.
  const onError = ({ problem }: ProblemError) =>
    notifications.show({
      color: "red",
      title: t(PROBLEMS[problem.code]),
      message: refused(problem, t, tell),
      autoClose: false,
    });
  const pause = useAct(commands.pauseSending);
  const resume = useAct(commands.resumeSending);
  if (!status) return null;
  const paused = status.sending === "paused";
  const mayChange = may(status.role, paused ? "resume_sending" : "pause_sending");
  const [, color] = pillOf(status);
  return (
    <Group gap={6} wrap="nowrap" role="status">
      <Tooltip label={pillDetail(status, t)} multiline maw={280}>
        <Badge size="lg" variant="filled" color={color} tabIndex={0} miw={0}>
          {pillText(status, t, locale)}
        </Badge>
      </Tooltip>
      {mayChange && (
        <Tooltip label={paused ? t("Send again") : t("Pause all sending")}>
          <ActionIcon
            variant="default"
            size="lg"
            aria-label={paused ? t("Send again") : t("Pause all sending")}
            loading={pause.isPending || resume.isPending}
            onClick={() => (paused ? resume : pause).mutate({}, { onError })}
          >
            {paused ? <IconPlayerPlay size={18} aria-hidden /> : <IconPlayerPause size={18} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      )}
    </Group>
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
    <Tooltip label={label}>
      <ActionIcon
        variant="default"
        size="lg"
        aria-label={label}
        onClick={() => setColorScheme(dark ? "light" : "dark")}
      >
        {dark ? <IconSun size={18} aria-hidden /> : <IconMoon size={18} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  );
}

function SignOut() {
  const { t } = useWords();
  const client = useQueryClient();
  const leave = async () => {
    await endSession();
    client.resetQueries();
  };
  return (
    <Tooltip label={t("Sign out")}>
      <ActionIcon variant="default" size="lg" aria-label={t("Sign out")} onClick={leave}>
        <IconLogout size={18} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
