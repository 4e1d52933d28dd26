import { Button, Center, Stack, Text, Title } from "@mantine/core";
import { useWords } from "../i18n/useWords";

/** In place of every screen while the program has not answered yet; it is asked again by itself. */
export function NoAnswer({ again }: { again: () => void }) {
  const { t } = useWords();
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
        <Button onClick={again}>{t("Try again")}</Button>
      </Stack>
    </Center>
  );
}
