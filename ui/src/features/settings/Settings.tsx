// What the clinic decides, how it is connected, and what each reader decides for themselves. Each
// part has an address of its own: /settings#line.

import { Anchor, Group } from "@mantine/core";
import { Link, useLocation } from "@tanstack/react-router";
import { useEffect } from "react";
import type { Settings as Values } from "../../bindings";
import { useClinic } from "../../components/clinic";
import { Loading, Page, Problem, Section } from "../../components/kit";
import { May, useMay } from "../../components/may";
import { Awaited, onDemand } from "../../components/onDemand";
import type { Label } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { useGetSettings } from "../../queries";
import { ClinicForm } from "./ClinicForm";
import { useGuideRead } from "./Guide";
import { LineConnection } from "./LineConnection";
import { Looks } from "./Looks";
import { Practice } from "./Practice";
import { RichMenu } from "./RichMenu";
import "./settings.css";

const Demo = onDemand(async () => (await import("./Demo")).Demo);

/** The parts, in their order; each is the id of its section. */
const PARTS = {
  clinic: "Clinic",
  "quiet-hours": "Quiet hours",
  patients: "Messages and patients",
  alarm: "Urgent words",
  line: "LINE connection",
  menu: "Menu in the chat",
  looks: "This device",
  demo: "Demo clinic",
  practice: "Practice clinic",
} satisfies Record<string, Label>;

/** What is not there: the demo clinic outside practice mode, and in it the way there. */
function useLeftOut(practice: boolean): string[] {
  const isAllowed = useMay();
  if (practice) return ["practice"];
  return isAllowed("open_practice") ? ["demo"] : ["demo", "practice"];
}

export function Settings() {
  const { t } = useWords();
  const settings = useGetSettings({});
  const { status } = useClinic();
  const practice = status?.practice ?? false;
  const isRead = useGuideRead(settings.data, practice);
  return (
    <Page title={t("Settings")}>
      <Problem error={settings.error} again={settings.refetch} />
      {(settings.isLoading || !isRead) && <Loading rows={6} />}
      {settings.data && isRead && <Parts values={settings.data} practice={practice} />}
    </Page>
  );
}

function Parts({ values, practice }: { values: Values; practice: boolean }) {
  const { t } = useWords();
  useGoTo();
  return (
    <>
      <Contents practice={practice} />
      <ClinicForm values={values} />
      <LineConnection values={values} practice={practice} />
      <RichMenu />
      <Looks />
      {practice ? (
        <Section id="demo" title={t(PARTS.demo)}>
          <Awaited waiting={<Loading rows={2} />}>
            <Demo />
          </Awaited>
        </Section>
      ) : (
        <May ask="open_practice">
          <Practice />
        </May>
      )}
    </>
  );
}

function Contents({ practice }: { practice: boolean }) {
  const { t } = useWords();
  const { hash } = useLocation();
  const left = useLeftOut(practice);
  const shown = Object.entries(PARTS).filter(([id]) => !left.includes(id));
  return (
    <Group component="nav" gap="xs" className="parts" aria-label={t("Parts of the settings")}>
      {shown.map(([id, label]) => (
        <Anchor
          key={id}
          component={Link}
          to="/settings"
          hash={id}
          size="sm"
          className="part"
          aria-current={hash === id ? "location" : undefined}
        >
          {t(label)}
        </Anchor>
      ))}
    </Group>
  );
}

/** Goes to the part that the address names, once it is there. */
function useGoTo() {
  const { hash } = useLocation();
  useEffect(() => {
    const part = hash && Object.hasOwn(PARTS, hash) ? document.getElementById(hash) : null;
    if (!part) return;
    part.tabIndex = -1;
    part.focus({ preventScroll: true });
    part.scrollIntoView?.({ block: "start" });
  }, [hash]);
}
