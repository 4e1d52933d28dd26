import { Box } from "@mantine/core";
import { Page } from "../components/kit";
import { Phone } from "../features/phone/Phone";
import { useWords } from "../i18n/useWords";

export function PhoneRoute() {
  const { t } = useWords();
  return (
    <Page title={t("Practice phone")}>
      <Box maw={440}>
        <Phone />
      </Box>
    </Page>
  );
}
