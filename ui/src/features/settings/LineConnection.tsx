// The channel: the way to it step by step, its secrets, the address for LINE, and tests of it all.

import { Alert, Anchor, Button, Group, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { Link } from "@tanstack/react-router";
import { commands, type Settings as Values } from "../../bindings";
import { Copy } from "../../components/Copy";
import { focusField } from "../../components/focusField";
import { Problem, Section } from "../../components/kit";
import { May } from "../../components/may";
import { Awaited, onDemand } from "../../components/onDemand";
import { useRefusal } from "../../components/wrong";
import { useWords } from "../../i18n/useWords";
import { SECRETS_HOMES } from "../../labels";
import { useAct } from "../../lib/live";
import { ChannelCheck, useChannelCheck } from "./ChannelCheck";
import { Guide } from "./Guide";
import { placeOf } from "./places";
import { SendTest } from "./SendTest";
import { useUnsaved } from "./unsaved";
import { webhookOf } from "./webhook";

const Finding = onDemand(async () => (await import("./ChannelFound")).Finding);

export function LineConnection({ values, practice }: { values: Values; practice: boolean }) {
  const { t } = useWords();
  const check = useChannelCheck();
  return (
    <Section id="line" title={t("LINE connection")}>
      {practice && (
        <Alert color="yellow" c="inherit">
          {t("Practice mode: messages go to the practice phones. What you enter here is kept for later.")}
        </Alert>
      )}
      <Guide values={values} practice={practice} found={check.data} />
      <Secrets values={values} />
      <WebhookAddress values={values} found={check.data} />
      <Title order={3} size="h5">
        {t("Test it")}
      </Title>
      <ChannelCheck check={check} />
      <May ask="send_message">
        <SendTest practice={practice} />
      </May>
    </Section>
  );
}

function Secrets({ values }: { values: Values }) {
  const { t } = useWords();
  const form = useForm({
    initialValues: { token: "", secret: "", channelId: values.lineChannelId ?? "" },
  });
  const save = useAct(commands.updateSettings, (saved) => {
    const kept = { token: "", secret: "", channelId: saved.lineChannelId ?? "" };
    form.setInitialValues(kept);
    form.setValues(kept);
    notifications.show({ color: "teal", message: t("Saved.") });
  });
  const { wrong, onError } = useRefusal(form, placeOf);
  useUnsaved(form.isDirty());
  const kept = (set: boolean) => (set ? t("Set. Type to replace it.") : t("Not set."));
  const submit = form.onSubmit((v) =>
    save.mutate(
      {
        ...(v.token ? { lineChannelAccessToken: v.token } : {}),
        ...(v.secret ? { lineChannelSecret: v.secret } : {}),
        lineChannelId: v.channelId,
      },
      { onError },
    ),
  );
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
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
        </Group>
        <Problem error={save.error} wrong={wrong} onGo={focusField} />
        <TokenTest />
      </Stack>
    </form>
  );
}

/** Whether LINE takes the token that is saved. */
function TokenTest() {
  const { t } = useWords();
  const test = useAct(async () => {
    const [found] = await Promise.all([commands.testLine({}), Finding.preload()]);
    return found;
  });
  return (
    <>
      <Group>
        <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
          {t("Test connection")}
        </Button>
      </Group>
      {test.data && (
        <Alert color={test.data.ok ? "teal" : "red"} role="status">
          {test.data.ok ? (
            t("LINE takes the token of {name}", { name: test.data.botName ?? "" })
          ) : (
            <Awaited>
              <Finding finding={test.data.finding} />
            </Awaited>
          )}
        </Alert>
      )}
      <Problem error={test.error} />
    </>
  );
}

/** The address LINE is to call, to be copied; and whether LINE has this very one. */
function WebhookAddress({ values, found }: { values: Values; found: Parameters<typeof Guide>[0]["found"] }) {
  const { t } = useWords();
  const { address, atLine } = webhookOf(values, found);
  return (
    <Stack gap={6}>
      <Title order={3} size="h5">
        {t("Webhook address")}
      </Title>
      {address === null ? (
        <Text size="sm">
          {t("It is known once the public address is entered.")}{" "}
          <Anchor component={Link} to="/settings" hash="clinic" size="sm" className="back">
            {t("Enter the public address")}
          </Anchor>
        </Text>
      ) : (
        <Group gap="sm">
          <Text size="sm" ff="monospace" className="address">
            {address}
          </Text>
          <Copy text={address} label={t("Copy the webhook address")} />
        </Group>
      )}
      {address !== null && atLine !== null && (
        <Text size="sm" role="status">
          {atLine === address
            ? t("LINE has this very address.")
            : t("LINE has another address: {url}", { url: atLine })}
        </Text>
      )}
    </Stack>
  );
}
