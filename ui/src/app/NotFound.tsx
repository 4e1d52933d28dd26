// An address that no screen has.

import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Empty, Page } from "../components/kit";
import { useWords } from "../i18n/useWords";

export function NotFound() {
  const { t } = useWords();
  return (
    <Page title={t("There is no such page")}>
      <Empty
        text={t("The address may be mistyped, or what was there is gone.")}
        action={
          <Button component={Link} to="/">
            {t("Today")}
          </Button>
        }
      />
    </Page>
  );
}
