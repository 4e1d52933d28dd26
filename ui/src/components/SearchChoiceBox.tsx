// Mantine's choice, in the place of the field that stood there until it was read.

import { Select } from "@mantine/core";
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { SearchChoiceProps } from "./SearchChoice";

type Props = SearchChoiceProps & {
  /** The field that stood there, and what stands in it. */
  field: RefObject<HTMLInputElement | null>;
  text: string;
  isTyped: boolean;
  /** Told when that field may go. */
  onThere: () => void;
};

export function SearchChoiceBox({ field, text, isTyped, onThere, onSearchChange, ...props }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [search, setSearch] = useState(text);
  const seek = (sought: string) => {
    setSearch(sought);
    onSearchChange?.(sought);
  };
  useLayoutEffect(() => {
    const before = field.current;
    // Before anything is painted and while both are there: the focus is nowhere else in between.
    if (before && before === document.activeElement) {
      input.current?.focus({ preventScroll: true });
      input.current?.setSelectionRange(before.selectionStart, before.selectionEnd);
    }
    onThere();
  }, []);
  // Mantine begins its search with what is chosen; what was typed goes on after that.
  useEffect(() => {
    if (isTyped) seek(text);
  }, []);
  return <Select {...props} ref={input} searchable searchValue={search} onSearchChange={seek} />;
}
