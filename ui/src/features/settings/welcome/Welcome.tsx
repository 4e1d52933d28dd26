// The first minutes of a clinic: language, calendar, name, zone, quiet hours, and whether to
// practise or to connect LINE. All of it can be changed later under Settings.

import { Alert, Button, Group, Radio, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { commands, type Settings } from "../../../bindings";
import { useClinic } from "../../../components/clinic";
import { focusField } from "../../../components/focusField";
import { Loading, Page, Problem, Section } from "../../../components/kit";
import { SearchChoice } from "../../../components/SearchChoice";
import { useRefusal } from "../../../components/wrong";
import { chooseLocale, LOCALES, type Locale } from "../../../i18n";
import { useWords } from "../../../i18n/useWords";
import { namesOf } from "../../../labels";
import { useAct } from "../../../lib/live";
import { zonesWith } from "../../../lib/zones";
import { useGetSettings, useListPatients } from "../../../queries";
import { useCanPractise, usePractise } from "../../../shared/practise";
import { CalendarChoice } from "../Looks";
import { placeOf } from "../places";
import { QuietHoursFields } from "../QuietHours";
import { quietDraftOf, quietHoursOf, wrongHours } from "../quiet";

export function Welcome() {
  const { t } = useWords();
  const settings = useGetSettings({});
  return (
    <Page
      title={t("Welcome to Clinicue")}
      actions={
        <Button component={Link} to="/" variant="default">
          {t("Skip for now")}
        </Button>
      }
    >
      <Text>{t("Four things, about a minute. All of it can be changed later under Settings.")}</Text>
      <Problem error={settings.error} again={settings.refetch} />
      {settings.isLoading && <Loading rows={6} />}
      <YourLanguage />
      {settings.data && <SetUp values={settings.data} />}
    </Page>
  );
}

/** Four tiles, each in its own script: who cannot read one finds theirs. */
function YourLanguage() {
  const { t, locale } = useWords();
  return (
    <Section title={t("1. Your language")}>
      <Radio.Group
        aria-label={t("Language")}
        value={locale}
        onChange={(next) => chooseLocale(next as Locale)}
      >
        <SimpleGrid cols={{ base: 2, md: 4 }} spacing={{ base: "xs", xs: "md" }}>
          {namesOf(LOCALES).map((one) => (
            <Radio.Card
              key={one}
              value={one}
              lang={one}
              p={{ base: 8, xs: "md" }}
              radius="md"
              aria-label={LOCALES[one]}
            >
              <Group wrap="nowrap" gap="xs">
                <Radio.Indicator />
                <Text fz={{ base: "md", xs: "lg" }} fw={600}>
                  {LOCALES[one]}
                </Text>
              </Group>
            </Radio.Card>
          ))}
        </SimpleGrid>
      </Radio.Group>
      <CalendarChoice />
    </Section>
  );
}

type Way = "practice" | "line";

/** What a clinic that decided nothing yet is proposed. */
const proposed = (values: Settings) => {
  const isNew = values.version === 0;
  const hours = quietDraftOf(values.quietHours);
  return {
    // The name of a new clinic is a placeholder of the program's: nobody chose it.
    clinicName: isNew ? "" : values.clinicName,
    timeZone: isNew ? Intl.DateTimeFormat().resolvedOptions().timeZone : values.timeZone,
    ...hours,
    quiet: isNew || hours.quiet,
  };
};

function SetUp({ values }: { values: Settings }) {
  const { t } = useWords();
  const { status } = useClinic();
  const practice = status?.practice ?? false;
  const [way, setWay] = useState<Way>(practice ? "practice" : "line");
  const form = useForm({
    initialValues: proposed(values),
    validate: (v) => ({
      ...(v.clinicName.trim() === "" && { clinicName: t("Write a name.") }),
      ...wrongHours(v, t),
    }),
  });
  const { wrong, onError } = useRefusal(form, placeOf);
  const begin = useBegin(practice, way);
  const submit = form.onSubmit(
    ({ clinicName, timeZone, ...hours }) =>
      begin.mutate(
        {
          version: values.version,
          clinicName,
          timeZone,
          quietHours: quietHoursOf(hours),
        },
        { onError },
      ),
    (errors) => focusField(Object.keys(errors)[0] ?? ""),
  );
  return (
    <form onSubmit={submit}>
      <Stack gap="lg">
        <About input={form.getInputProps} zone={form.values.timeZone} />
        <Section title={t("3. Quiet hours")}>
          <QuietHoursFields
            values={form.values}
            timeZone={form.values.timeZone}
            input={form.getInputProps}
            set={form.setFieldValue}
          />
        </Section>
        <Section title={t("4. How to begin")}>
          <Ways way={way} choose={setWay} practice={practice} />
          <Problem error={begin.error} wrong={wrong} onGo={focusField} />
          <Group>
            <Button type="submit" size="md" loading={begin.isPending}>
              {t("Save and begin")}
            </Button>
          </Group>
        </Section>
      </Stack>
    </form>
  );
}

type OfAbout = { input: (path: "clinicName" | "timeZone") => object; zone: string };

function About({ input, zone }: OfAbout) {
  const { t } = useWords();
  return (
    <Section title={t("2. The clinic")}>
      <TextInput label={t("Name of the clinic")} {...input("clinicName")} />
      <SearchChoice
        label={t("Time zone")}
        description={t("Guessed from this device.")}
        data={zonesWith(zone)}
        limit={60}
        allowDeselect={false}
        {...input("timeZone")}
      />
    </Section>
  );
}

/**
 * Saves, loads the demo clinic where it is wanted and not there, and goes where the work begins: to
 * practise, into the practice clinic.
 */
function useBegin(practice: boolean, way: Way) {
  const navigate = useNavigate();
  const patients = useListPatients({ limit: 1 });
  const canPractise = useCanPractise();
  const { practise } = usePractise();
  return useAct(
    async (decided: Parameters<typeof commands.updateSettings>[0]) => {
      await commands.updateSettings(decided);
      if (practice && way === "practice" && patients.data?.items.length === 0) await commands.loadDemo({});
    },
    () => {
      if (way === "practice" && canPractise) practise();
      return way === "line" ? navigate({ to: "/settings", hash: "line" }) : navigate({ to: "/" });
    },
  );
}

function Ways({ way, choose, practice }: { way: Way; choose: (way: Way) => void; practice: boolean }) {
  const { t } = useWords();
  const { status } = useClinic();
  const canPractise = useCanPractise();
  return (
    <>
      <Radio.Group
        aria-label={t("How to begin")}
        value={way}
        onChange={(next) => choose(next === "line" ? "line" : "practice")}
      >
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <OneWay
            value="practice"
            title={t("Try it first (practice)")}
            words={t("With made-up patients and a phone on the screen. No message leaves this computer.")}
          />
          <OneWay
            value="line"
            title={t("Connect LINE now")}
            words={t("With the clinic's own LINE account, step by step.")}
          />
        </SimpleGrid>
      </Radio.Group>
      {way === "practice" && !practice && (
        <Alert color="blue" c="inherit" role="status">
          {canPractise
            ? t(
                "The practice clinic opens beside this one. Nothing mixes with real patients, and you come back by a button above.",
              )
            : t(
                "To practise, open Clinicue on the computer that it runs on: from here the practice clinic cannot be reached.",
              )}
        </Alert>
      )}
      {way === "line" && practice && (
        <Alert color="yellow" c="inherit" role="status">
          {status?.practiceHome
            ? t(
                "This is the practice clinic: nothing you enter here reaches the real LINE. Go back to the real clinic to connect it.",
              )
            : t(
                "This runs in practice mode: what you enter is kept, but nothing reaches the real LINE until Clinicue is started without --sandbox.",
              )}
        </Alert>
      )}
    </>
  );
}

function OneWay({ value, title, words }: { value: Way; title: string; words: string }) {
  return (
    <Radio.Card value={value} p="md" radius="md" aria-label={title}>
      <Group wrap="nowrap" align="flex-start">
        <Radio.Indicator />
        <Stack gap={2}>
          <Text fw={600}>{title}</Text>
          <Text size="sm">{words}</Text>
        </Stack>
      </Group>
    </Radio.Card>
  );
}
