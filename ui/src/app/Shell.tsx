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
import { IconDeviceMobile, IconLogout, IconMoon, IconSun } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useLocation, useMatches } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import type { Status } from "../bindings";
import { ClinicProvider, useClinic } from "../components/clinic";
import { Empty, Loading, Page } from "../components/kit";
import { chooseLocale, LOCALES, type Locale } from "../i18n";
import { useWords } from "../i18n/useWords";
import { SENDING } from "../labels";
import { useChanges } from "../lib/live";
import { may } from "../lib/roles";
import { endSession, inWindow } from "../lib/transport";
import { useStatus } from "../queries";
import { useFocusKept } from "./focus";
import { NoAnswer } from "./NoAnswer";
import { useUrgentNotice } from "./notice";
import { SendingState } from "./SendingState";
import { screens } from "./screens";

// Read when they are needed: most starts are of somebody who is signed in, without a phone.
const Phone = lazy(() => import("../features/phone/Phone").then(({ Phone }) => ({ default: Phone })));
const SignIn = lazy(() => import("./SignIn").then(({ SignIn }) => ({ default: SignIn })));

/** The frame around every screen; without a session, the way in. */
export function Shell() {
  const { data, error, refetch } = useStatus({}, { refetchInterval: ({ state }) => !state.data && 3_000 });
  if (error?.problem.code === "unauthenticated") {
    return (
      <Suspense>
        <SignIn />
      </Suspense>
    );
  }
  // Without the clinic's zone and state no screen could say what is so.
  if (!data) return error ? <NoAnswer again={refetch} /> : null;
  return (
    <ClinicProvider>
      <Frame />
    </ClinicProvider>
  );
}

/** How the header is tinted: nobody may take a clinic that sends nothing for one that does. */
function modeOf(status: Status | undefined): "running" | "practice" | "stopped" {
  if (status && !SENDING[status.sending].goes) return "stopped";
  return status?.practice ? "practice" : "running";
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
    <Box data-mode={modeOf(status)}>
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
              <SendingState />
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
            <Suspense fallback={<Loading />}>
              <Phone />
            </Suspense>
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
              aria-label={t("{n, plural, one {# thing to look at} other {# things to look at}}", { n })}
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
