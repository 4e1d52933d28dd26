import { Button, Center, Stack, Text, Title } from "@mantine/core";
import { useWords } from "../i18n/useWords";
import { dateTime } from "../lib/format";

const KEPT = "clinicue.answered";

/** Keeps when the program answered, and the clinic's zone: neither is known once it is away. */
export const keepAnswered = (at: number, timeZone: string) =>
  localStorage.setItem(KEPT, `${new Date(at).toISOString()} ${timeZone}`);

/** When the program last answered this browser, in the clinic's zone. */
function lastAnswered(locale: string): string | null {
  const [at, timeZone] = localStorage.getItem(KEPT)?.split(" ") ?? [];
  return at && timeZone ? dateTime(at, locale, timeZone) : null;
}

/** In place of every screen while the program has not answered yet; it is asked again by itself. */
export function NoAnswer({ again }: { again: () => void }) {
  const { t, locale } = useWords();
  const at = lastAnswered(locale);
  return (
    <Center mih="100vh" p="md" component="main">
      <Stack maw={440}>
        <img src="/icon.svg" alt="" width={48} height={48} />
        <Title order={1} size="h3">
          {t("Clinicue does not answer")}
        </Title>
        <Text role="status">
          {t("It is asked again every few seconds. If this stays, see whether the service runs.")}
        </Text>
        {at && <Text>{t("It answered last on {at}.", { at })}</Text>}
        <Button onClick={again}>{t("Try again")}</Button>
      </Stack>
    </Center>
  );
}
