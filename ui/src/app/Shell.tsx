import { AppShell, Badge, Box, CloseButton, Group, NavLink, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useLocation, useMatches } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { Status } from "../bindings";
import { useClinic } from "../components/clinic";
import { HiddenContext } from "../components/hidden";
import { Empty, Loading, Page } from "../components/kit";
import { Awaited, onDemand } from "../components/onDemand";
import { useWords } from "../i18n/useWords";
import { SENDING } from "../labels";
import { useChanges } from "../lib/live";
import { may } from "../lib/roles";
import { inWindow, type ProblemError } from "../lib/transport";
import { useStatus } from "../queries";
import { usePauseAll } from "../shared/pauseAll";
import { BackToReal } from "../shared/practise";
import { SkipLink, useFocusOnArrival } from "./arrival";
import { ClinicProvider } from "./ClinicProvider";
import { useFocusKept } from "./focus";
import { Header, OwnChoices } from "./Header";
import { useKeys } from "./keys";
import { keepAnswered, NoAnswer } from "./NoAnswer";
import { Cover, usePrivacy } from "./privacy";
import { screens } from "./screens";

// Read when they are needed: most starts are of somebody who is signed in, without a phone.
const Phone = onDemand(async () => (await import("../features/phone/Phone")).Phone);
const Find = onDemand(async () => (await import("./find/Find")).Find);
const Keys = onDemand(async () => (await import("./Keys")).Keys);
const InWindow = onDemand(async () => (await import("./window/InWindow")).InWindow);
const UrgentNotice = onDemand(async () => (await import("./notice")).UrgentNotice);
const SignIn = onDemand(async () => (await import("./SignIn")).SignIn);

/** The frame around every screen; without a session, the way in. */
export function Shell() {
  const asked = useStatus({}, { refetchInterval: ({ state }) => !state.data && 3_000 });
  const { data, dataUpdatedAt } = asked;
  const error = useStanding(asked.error, data);
  const isLate = useLate(!data);
  const again = useAgain();
  useEffect(() => {
    if (data) keepAnswered(dataUpdatedAt, data.timeZone);
  }, [data, dataUpdatedAt]);
  if (error?.problem.code === "unauthenticated") {
    return (
      <Awaited afloat>
        <SignIn />
      </Awaited>
    );
  }
  // Without the clinic's zone and state no screen could say what is so.
  if (!data) return error || isLate ? <NoAnswer again={again} /> : null;
  return (
    <ClinicProvider>
      <Frame />
    </ClinicProvider>
  );
}

/** A refusal stands until there is an answer, also while it is asked again. */
function useStanding(error: ProblemError | null, answer: Status | undefined): ProblemError | null {
  const [last, setLast] = useState(error);
  if (error && error !== last) setLast(error);
  return error ?? (answer ? null : last);
}

/** How long a page is blank before it says why: as long as a server may take to hand it out. */
const BLANK_MS = 4_000;

/** Whether the wait has lasted so long that a blank page needs an explanation. */
function useLate(isWaiting: boolean): boolean {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setTimeout(() => setLate(true), BLANK_MS);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [isWaiting]);
  return isLate;
}

/** Asks for the status anew, and gives up a request that is still under way. */
function useAgain(): () => void {
  const client = useQueryClient();
  return async () => {
    await client.cancelQueries({ queryKey: useStatus.key });
    await client.refetchQueries({ queryKey: useStatus.key });
  };
}

/** How the header is tinted: nobody may take a clinic that sends nothing for one that does. */
function modeOf(status: Status | undefined): "running" | "practice" | "stopped" {
  if (status && !SENDING[status.sending].goes) return "stopped";
  return status?.practice ? "practice" : "running";
}

function Frame() {
  useChanges();
  useFocusKept();
  useFocusOnArrival();
  const { t } = useWords();
  const { status } = useClinic();
  const [menu, { toggle, close }] = useDisclosure();
  const [phone, { toggle: togglePhone, close: closePhone }] = useDisclosure();
  const { hidden, setHidden } = usePrivacy();
  const [dialog, setDialog] = useState<"find" | "keys" | null>(null);
  const open = (which: "find" | "keys") => !hidden && setDialog(which);
  const does = {
    find: () => open("find"),
    list: () => open("keys"),
    hide: () => setHidden((before) => !before),
    undo: () => notifications.show({ id: "undo", role: "status", message: t("Nothing to undo") }),
  };
  useKeys(does);
  const pauseAll = usePauseAll();
  return (
    <HiddenContext value={hidden}>
      <Box data-mode={modeOf(status)}>
        <AppShell
          header={{ height: 60 }}
          navbar={{ width: 232, breakpoint: "sm", collapsed: { mobile: !menu } }}
          aside={{ width: 400, breakpoint: "md", collapsed: { mobile: !phone, desktop: !phone } }}
          padding="lg"
        >
          <SkipLink />
          <AppShell.Header px={{ base: 8, sm: "md" }}>
            <Header menu={menu} toggleMenu={toggle} phone={phone} togglePhone={togglePhone} does={does} />
          </AppShell.Header>
          <AppShell.Navbar p="sm" style={{ overflowY: "auto" }} aria-label={t("Screens")} inert={hidden}>
            <Links onLeave={close} />
            {/* In the header there is no room for them. */}
            <Group gap="xs" mt="md" hiddenFrom="sm">
              <BackToReal />
              <OwnChoices does={does} />
            </Group>
          </AppShell.Navbar>
          <AppShell.Main id="content" inert={hidden}>
            <Screen />
          </AppShell.Main>
          {phone && (
            <AppShell.Aside
              p="md"
              style={{ overflowY: "auto" }}
              aria-label={t("Practice phone")}
              inert={hidden}
            >
              <Group justify="space-between" mb="xs">
                <Text fw={700}>{t("Practice phone")}</Text>
                <CloseButton aria-label={t("Close")} onClick={closePhone} />
              </Group>
              <Awaited waiting={<Loading />}>
                <Phone />
              </Awaited>
            </AppShell.Aside>
          )}
        </AppShell>
        {hidden && <Cover show={() => setHidden(false)} />}
        {status?.notifyUrgent && (
          <Awaited afloat>
            <UrgentNotice />
          </Awaited>
        )}
        {inWindow && (
          <Awaited afloat>
            <InWindow showKeys={does.list} />
          </Awaited>
        )}
        <Awaited key={dialog} afloat onClose={() => setDialog(null)}>
          {dialog === "find" && (
            <Find
              close={() => setDialog((now) => (now === "find" ? null : now))}
              frame={{ togglePhone, hide: does.hide, showKeys: () => setDialog("keys"), pauseAll }}
            />
          )}
          {dialog === "keys" && <Keys close={() => setDialog(null)} hide={does.hide} />}
        </Awaited>
      </Box>
    </HiddenContext>
  );
}

/** The entry of the menu that a page belongs to: the nearest screen above the page. */
function placeOf(pathname: string) {
  const paths = screens
    .filter((route) => route.options.staticData?.screen?.Icon)
    .map((route) => route.fullPath);
  const above = paths.filter(
    (path) => pathname === path || (path !== "/" && pathname.startsWith(`${path}/`)),
  );
  return above.sort((a, b) => b.length - a.length)[0];
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
