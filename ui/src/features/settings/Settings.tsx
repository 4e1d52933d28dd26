import {
  Alert,
  Button,
  Group,
  NumberInput,
  PasswordInput,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { flushSync } from "react-dom";
import { commands, LIMITS, type UpdateSettings, type Settings as Values } from "../../bindings";
import { useClinic } from "../../components/clinic";
import { Loading, Page, Problem, Section } from "../../components/kit";
import { focusField, useRefusal } from "../../components/wrong";
import { useWords } from "../../i18n/useWords";
import { SECRETS_HOMES } from "../../labels";
import { rangeOf } from "../../lib/limits";
import { lastError, useAct } from "../../lib/live";
import { inWindow } from "../../lib/transport";
import { useGetSettings } from "../../queries";
import { foundOfChannel } from "../../sayings";
import { AlarmFields, alarmDraftOf, alarmOf } from "./Alarm";
import { ChannelCheck } from "./ChannelCheck";
import { placeOf } from "./places";
import { RichMenu } from "./RichMenu";

export function Settings() {
  const { t } = useWords();
  const settings = useGetSettings({});
  const { status } = useClinic();
  return (
    <Page title={t("Settings")}>
      <Problem error={settings.error} again={settings.refetch} />
      {settings.isLoading && <Loading rows={6} />}
      {settings.data && <Clinic values={settings.data} />}
      {settings.data && <LineConnection values={settings.data} practice={status?.practice ?? false} />}
      {settings.data && <RichMenu />}
      {status?.practice && <Demo />}
    </Page>
  );
}

const formOf = (values: Values) => ({
  clinicName: values.clinicName,
  clinicPhone: values.clinicPhone ?? "",
  publicUrl: values.publicUrl ?? "",
  timeZone: values.timeZone,
  quiet: values.quietHours !== null,
  start: values.quietHours?.start ?? "20:00",
  end: values.quietHours?.end ?? "08:00",
  silently: values.quietHours?.silently ?? false,
  pace: values.patientPaceSeconds ?? ("" as number | ""),
  consentRequired: values.consentRequired,
  notifyUrgent: values.notifyUrgent,
  markAsRead: values.markAsRead,
  mediaRetentionDays: values.mediaRetentionDays,
  ...alarmDraftOf(values),
});

export type ClinicDraft = ReturnType<typeof formOf>;

/** All that the clinic decides: what the form leaves out does not compile. */
type Decisions = {
  [K in keyof UpdateSettings as K extends `line${string}` ? never : K]-?: UpdateSettings[K];
};

const decisionsOf = (v: ClinicDraft, version: number): Decisions => ({
  version,
  clinicName: v.clinicName,
  clinicPhone: v.clinicPhone.trim() || null,
  publicUrl: v.publicUrl.trim() || null,
  timeZone: v.timeZone,
  quietHours: v.quiet ? { start: v.start, end: v.end, silently: v.silently } : null,
  patientPaceSeconds: v.pace === "" ? null : v.pace,
  consentRequired: v.consentRequired,
  notifyUrgent: v.notifyUrgent,
  markAsRead: v.markAsRead,
  mediaRetentionDays: v.mediaRetentionDays,
  ...alarmOf(v),
});

function Clinic({ values }: { values: Values }) {
  const { t } = useWords();
  // Which settings the form was filled from: who saves over a later change is told.
  const [version, setVersion] = useState(values.version);
  const form = useForm({ initialValues: formOf(values) });
  const save = useAct(commands.updateSettings, (saved) => {
    setVersion(saved.version);
    notifications.show({ color: "teal", message: t("Saved.") });
  });
  const lookAgain = () => {
    form.setValues(formOf(values));
    setVersion(values.version);
    save.reset();
  };
  const { wrong, onError } = useRefusal(form, placeOf);
  const [opened, setOpened] = useState<string | null>(null);
  const goTo = (field: string) => {
    // Its field is in sight only once its part is open.
    if (/^(alarm|emergency)\./.test(field)) flushSync(() => setOpened("alarm"));
    focusField(field);
  };
  const submit = form.onSubmit((v) => save.mutate(decisionsOf(v, version), { onError }));
  return (
    <Section title={t("Clinic")}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput label={t("Name of the clinic")} {...form.getInputProps("clinicName")} />
          <TextInput
            type="tel"
            label={t("Telephone")}
            description={t("The number patients call; messages may name it.")}
            {...form.getInputProps("clinicPhone")}
          />
          <TextInput
            type="url"
            label={t("Public address")}
            description={t(
              "Where LINE reaches this program: the webhook's address without /webhook/line. Pictures and videos you upload are served below it.",
            )}
            placeholder="https://"
            {...form.getInputProps("publicUrl")}
          />
          <Select
            label={t("Time zone")}
            searchable
            data={Intl.supportedValuesOf("timeZone")}
            limit={60}
            allowDeselect={false}
            {...form.getInputProps("timeZone")}
          />
          <Switch
            label={t("Quiet hours, in the patient's local time")}
            {...form.getInputProps("quiet", { type: "checkbox" })}
          />
          {form.values.quiet && (
            <Group>
              <TextInput type="time" label={t("From")} {...form.getInputProps("start")} />
              <TextInput type="time" label={t("Until")} {...form.getInputProps("end")} />
              <Switch
                mt="lg"
                label={t("Messages go out without a sound instead of waiting")}
                {...form.getInputProps("silently", { type: "checkbox" })}
              />
            </Group>
          )}
          <NumberInput
            label={t("Least seconds between two messages to one patient")}
            placeholder={t("No limit")}
            {...rangeOf(LIMITS.UpdateSettings.patientPaceSeconds)}
            w={320}
            maw="100%"
            {...form.getInputProps("pace")}
          />
          <Switch
            label={t("Only patients who agreed get messages")}
            {...form.getInputProps("consentRequired", { type: "checkbox" })}
          />
          <Switch
            label={t("Notify on the desktop when a patient urgently needs a person")}
            description={t("Without the patient's name, since anybody may see the screen.")}
            {...form.getInputProps("notifyUrgent", { type: "checkbox" })}
            onClick={askBrowser}
          />
          <Switch
            label={t("Mark what patients wrote as read at LINE when staff take or settle it")}
            description={t("Patients then see in their chat that somebody has read it.")}
            {...form.getInputProps("markAsRead", { type: "checkbox" })}
          />
          <NumberInput
            label={t("Days for which pictures, videos, sounds and files of patients are kept")}
            description={t("Then they are deleted; the words stay.")}
            {...rangeOf(LIMITS.UpdateSettings.mediaRetentionDays)}
            w={320}
            maw="100%"
            {...form.getInputProps("mediaRetentionDays")}
          />
          <AlarmFields input={form.getInputProps} opened={opened} onOpen={setOpened} />
          <Problem error={save.error} wrong={wrong} onGo={goTo} />
          <Group>
            <Button type="submit" loading={save.isPending}>
              {t("Save")}
            </Button>
            {save.error?.problem.code === "conflict" && (
              <Button variant="default" onClick={lookAgain}>
                {t("Show what is saved")}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

/** A browser shows notifications only after it was asked by a click. */
function askBrowser() {
  if (!inWindow && "Notification" in globalThis && Notification.permission === "default") {
    Notification.requestPermission();
  }
}

function LineConnection({ values, practice }: { values: Values; practice: boolean }) {
  const { t, tell } = useWords();
  const form = useForm({
    initialValues: { token: "", secret: "", channelId: values.lineChannelId ?? "" },
  });
  const save = useAct(commands.updateSettings, () => {
    form.setValues({ token: "", secret: "" });
    notifications.show({ color: "teal", message: t("Saved.") });
  });
  const { wrong, onError } = useRefusal(form, placeOf);
  const test = useAct(commands.testLine);
  const kept = (set: boolean) => (set ? t("Set. Type to replace it.") : t("Not set."));
  return (
    <Section title={t("LINE connection")}>
      {practice && (
        <Alert color="yellow" c="inherit">
          {t("Practice mode: messages go to the practice phones. What you enter here is kept for later.")}
        </Alert>
      )}
      <form
        onSubmit={form.onSubmit((v) =>
          save.mutate(
            {
              ...(v.token ? { lineChannelAccessToken: v.token } : {}),
              ...(v.secret ? { lineChannelSecret: v.secret } : {}),
              lineChannelId: v.channelId,
            },
            { onError },
          ),
        )}
      >
        <Stack>
          <TextInput label={t("Channel ID")} {...form.getInputProps("channelId")} />
          <PasswordInput
            label={t("Channel access token")}
            description={kept(values.lineTokenSet)}
            autoComplete="off"
            {...form.getInputProps("token")}
          />
          <PasswordInput
            label={t("Channel secret")}
            description={kept(values.lineSecretSet)}
            autoComplete="off"
            {...form.getInputProps("secret")}
          />
          <Text size="sm" c="dimmed">
            {t("Secrets are kept in:")} {t(SECRETS_HOMES[values.secretsHome])}
          </Text>
          <Group>
            <Button type="submit" loading={save.isPending}>
              {t("Save")}
            </Button>
            <Button variant="default" loading={test.isPending} onClick={() => test.mutate({})}>
              {t("Test connection")}
            </Button>
          </Group>
          {test.data && (
            <Alert color={test.data.ok ? "teal" : "red"}>
              {test.data.ok
                ? t("LINE takes the token of {name}", { name: test.data.botName ?? "" })
                : foundOfChannel(test.data.finding, tell)}
            </Alert>
          )}
          <Problem error={save.error} wrong={wrong} onGo={focusField} />
          <Problem error={test.error} />
          <ChannelCheck />
        </Stack>
      </form>
    </Section>
  );
}

function Demo() {
  const { t } = useWords();
  const load = useAct(commands.loadDemo, ({ patients }) =>
    notifications.show({
      color: "teal",
      message: t("{n, plural, one {# demo patient} other {# demo patients}} loaded.", { n: patients }),
    }),
  );
  const remove = useAct(commands.removeDemo, ({ removed }) =>
    notifications.show({
      color: "teal",
      message: t("The demo clinic is gone ({n, plural, one {# entry} other {# entries}}).", { n: removed }),
    }),
  );
  return (
    <Section title={t("Demo clinic")}>
      <Text size="sm">
        {t("Made-up patients and care plans to try things out, marked “Demo” everywhere.")}
      </Text>
      <Group>
        <Button variant="light" loading={load.isPending} onClick={() => load.mutate({})}>
          {t("Load the demo clinic")}
        </Button>
        <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate({})}>
          {t("Remove the demo clinic")}
        </Button>
      </Group>
      <Problem error={lastError(load, remove)} />
    </Section>
  );
}
