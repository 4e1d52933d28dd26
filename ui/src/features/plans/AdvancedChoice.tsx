// One of a few ways, with the one that asks for a specialist folded away until it is wanted.

import { Button, Chip, Fieldset, Group, Input } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../../i18n/useWords";

type Option = { value: string; label: string };
type Props = {
  legend: string;
  value: string;
  onChange: (value: string) => void;
  options: Option[];
  advanced: Option;
};

export function AdvancedChoice({ legend, value, onChange, options, advanced }: Props) {
  const { t } = useWords();
  const [isOpen, setOpen] = useState(false);
  const isChosen = value === advanced.value;
  return (
    <Fieldset variant="unstyled" legend={<Input.Label component="span">{legend}</Input.Label>}>
      <Chip.Group value={value} onChange={onChange}>
        <Group gap={6}>
          {[...options, ...(isOpen || isChosen ? [advanced] : [])].map((option) => (
            <Chip key={option.value} value={option.value} size="sm" variant="outline">
              {option.label}
            </Chip>
          ))}
          {!isChosen && (
            <Button
              size="compact-sm"
              variant="subtle"
              aria-expanded={isOpen}
              onClick={() => setOpen((was) => !was)}
            >
              {t("Advanced")}
            </Button>
          )}
        </Group>
      </Chip.Group>
    </Fieldset>
  );
}
