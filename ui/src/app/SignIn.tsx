import { Button, Card, Center, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Problem } from "../components/kit";
import { useWords } from "../i18n/useWords";
import { useAct } from "../lib/live";
import { signInAgain } from "../lib/signInAgain";
import { beginSession } from "../lib/transport";

/** Signs in again where this page asked for what ended its session: a backup that is put back. */
function useSignInAgain() {
  const { t } = useWords();
  const client = useQueryClient();
  useEffect(() => {
    const back = () => {
      notifications.show({
        color: "teal",
        message: t("The backup is back. Nothing is sent until you resume sending."),
      });
      return client.resetQueries();
    };
    // What fails is done by hand, with a link that the program prints.
    signInAgain().then(
      (done) => (done ? back() : undefined),
      () => undefined,
    );
  }, [client, t]);
}

/** The way in for a browser: the link that the server printed, or a token. */
export function SignIn() {
  const { t } = useWords();
  const client = useQueryClient();
  const [token, setToken] = useState("");
  const enter = useAct(beginSession, () => client.resetQueries());
  useSignInAgain();
  const link = new URLSearchParams(location.search).get("signin");
  return (
    <Center mih="100vh" p="md" component="main">
      <Card w={440} shadow="sm">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            enter.mutate({ token: token.trim() });
          }}
        >
          <Stack>
            <img src="/icon.svg" alt="" width={48} height={48} />
            <Title order={1} size="h3">
              {t("Sign in to Clinicue")}
            </Title>
            {link === "used" && (
              <Text c="var(--mantine-color-error)">
                {t("That sign-in link was used already or is too old.")}
              </Text>
            )}
            {link === "unanswered" && (
              <Text c="var(--mantine-color-error)">
                {t("Clinicue did not answer the sign-in link. Open the link once more.")}
              </Text>
            )}
            <Text size="sm">
              {t("Open the sign-in link that the server printed when it started, or paste an access token.")}
            </Text>
            <PasswordInput
              label={t("Access token")}
              value={token}
              onChange={(event) => setToken(event.currentTarget.value)}
              autoComplete="off"
              data-autofocus
            />
            <Problem error={enter.error} />
            <Button type="submit" loading={enter.isPending} disabled={!token.trim()}>
              {t("Sign in")}
            </Button>
          </Stack>
        </form>
      </Card>
    </Center>
  );
}
