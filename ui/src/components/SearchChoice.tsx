// A choice with a search. What places and fills its list is 29 kB that a visit seldom needs: it is
// read when the field is pointed at or has the focus. Until then the same field stands here without
// a list, and what is typed into it goes on in the search.

import { ComboboxChevron, Input, InputBase, type SelectProps } from "@mantine/core";
import { type ComponentProps, useId, useLayoutEffect, useRef, useState } from "react";
import { Awaited, onDemand } from "./onDemand";

const Box = onDemand(async () => (await import("./SearchChoiceBox")).SearchChoiceBox);

type Offered = string | { value: string; label: string };

type Decided =
  | "data"
  | "value"
  | "defaultValue"
  | "searchable"
  | "searchValue"
  | "defaultSearchValue"
  | "ref";

export type SearchChoiceProps = Omit<SelectProps, Decided> & {
  data: Offered[];
  value?: string | null;
};

export function SearchChoice(props: SearchChoiceProps) {
  const own = useId();
  const id = props.id ?? own;
  const field = useRef<HTMLInputElement>(null);
  const [isWanted, want] = useState(false);
  const [isThere, setThere] = useState(false);
  const [isComposing, setComposing] = useState(false);
  const [typed, setTyped] = useState<string>();
  const { data, value } = props;
  return (
    <>
      {!isThere && (
        <WithoutList
          {...props}
          id={id}
          field={field}
          text={typed ?? labelOf(data, value)}
          onTyped={setTyped}
          onWanted={() => want(true)}
          onComposing={setComposing}
        />
      )}
      {/* A word that is still being put together would be torn by another field. */}
      {isWanted && !isComposing && (
        <Awaited>
          <Box
            {...props}
            id={id}
            field={field}
            text={typed ?? labelOf(data, value)}
            isTyped={typed !== undefined}
            onThere={() => setThere(true)}
          />
        </Awaited>
      )}
    </>
  );
}

type WithoutListProps = SearchChoiceProps & {
  field: ComponentProps<"input">["ref"];
  text: string;
  onTyped: (text: string | undefined) => void;
  onWanted: () => void;
  onComposing: (isComposing: boolean) => void;
};

/** The field as Mantine draws it while its list is closed. */
function WithoutList({ field, text, onTyped, onWanted, onComposing, ...props }: WithoutListProps) {
  const { data, value, clearable, clearButtonProps, onFocus, onBlur, onPointerEnter, ...rest } = props;
  const wait = useLater(onWanted);
  return (
    <InputBase
      {...fieldOf(rest)}
      ref={field}
      __staticSelector="Select"
      __defaultRightSection={<ComboboxChevron size={rest.size ?? "sm"} error={rest.error} />}
      __clearSection={<Input.ClearButton tabIndex={-1} aria-hidden {...clearButtonProps} />}
      __clearable={clearable && value != null}
      rightSectionPointerEvents="none"
      role="combobox"
      aria-haspopup="listbox"
      aria-expanded={false}
      autoComplete="off"
      value={text}
      onChange={({ currentTarget }) => {
        // What a browser fills in by itself is nobody's choice.
        if (currentTarget === document.activeElement) onTyped(currentTarget.value);
      }}
      onCompositionStart={() => onComposing(true)}
      onCompositionEnd={() => onComposing(false)}
      onPointerEnter={(event) => {
        Box.preload();
        onPointerEnter?.(event);
      }}
      onFocus={(event) => {
        wait();
        onFocus?.(event);
      }}
      onBlur={(event) => {
        // The focus only moves on to the field with the list, which takes this one's place.
        if (event.relatedTarget?.id === rest.id) return;
        // What was typed but not chosen is dropped, as Mantine's own field does.
        onTyped(undefined);
        onBlur?.(event);
      }}
    />
  );
}

/** Acts once the list is read and the press that gave the focus is over: a field that is taken away
 *  during the press may lose the focus. */
function useLater(act: () => void) {
  const timer = useRef<number>(undefined);
  useLayoutEffect(() => () => window.clearTimeout(timer.current), []);
  return () => {
    const reading = Box.preload();
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => reading.then(act));
  };
}

/** What the field itself knows of a choice; the rest is for the list. */
function fieldOf({
  limit,
  filter,
  allowDeselect,
  nothingFoundMessage,
  onSearchChange,
  onDropdownOpen,
  onDropdownClose,
  onChange,
  ...field
}: Omit<SearchChoiceProps, "data" | "value">) {
  return field;
}

const labelOf = (data: Offered[], value: string | null | undefined) => {
  const chosen = data.find((one) => (typeof one === "string" ? one : one.value) === value);
  return typeof chosen === "string" ? chosen : (chosen?.label ?? "");
};
