/** A unit that is split: what takes over which of its children. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, Fieldset, NativeSelect, SimpleGrid } from "@mantine/core";
import type { Schemas } from "@/api/client";
import { UnitPicker } from "@/components/unit-picker";
import { NewUnitFields } from "./new-unit-fields";
import type { Line } from "./states";
import { UnitList } from "./unit-list";

type Part = Schemas["PartContent"];

/** What a part begins as, until its fields are filled in. */
const BEGUN = { code: "", name: "", kind: "" };

export const emptyPart = (): Part => ({ new: BEGUN });

type Props = { line: Line; set: (change: Partial<Line>) => void };

export function SplitFields({ line, set }: Props) {
  const { t } = useLingui();
  const parts = line.parts ?? [];
  const change = (at: number, part: Part) => set({ parts: parts.toSpliced(at, 1, part) });
  const least = line.keep ? 1 : 2;
  return (
    <>
      <UnitPicker
        label={t`Đơn vị được chia tách`}
        required
        value={line.unit ?? ""}
        onChange={(unit) => set({ unit: unit || undefined })}
      />
      <Checkbox
        label={t`Đơn vị này vẫn hoạt động với phần còn lại`}
        checked={line.keep ?? false}
        onChange={({ currentTarget: { checked } }) =>
          set({ keep: checked || undefined, children_to: undefined })
        }
        mt={{ sm: 32 }}
      />
      {parts.map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a part has no name but its place
        <Fieldset key={at} legend={t`Phần ${at + 1}`} style={{ gridColumn: "1 / -1" }}>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <NativeSelect
              label={t`Giao cho`}
              data={[
                { value: "new", label: t`đơn vị mới thành lập` },
                { value: "unit", label: t`đơn vị đang hoạt động` },
              ]}
              value={part.new ? "new" : "unit"}
              onChange={(event) =>
                change(at, {
                  children: part.children,
                  ...(event.currentTarget.value === "new" ? { new: BEGUN } : { unit: "" }),
                })
              }
            />
            {part.new ? (
              <NewUnitFields
                value={part.new}
                onChange={(value) =>
                  change(at, { ...part, new: { ...BEGUN, ...part.new, ...value } as Part["new"] })
                }
              />
            ) : (
              <UnitPicker
                label={t`Đơn vị`}
                required
                value={part.unit ?? ""}
                onChange={(unit) => change(at, { ...part, unit })}
              />
            )}
            <UnitList
              label={t`Đơn vị trực thuộc đi theo`}
              values={part.children ?? []}
              onChange={(children) => change(at, { ...part, children })}
            />
          </SimpleGrid>
          {parts.length > least && (
            <Button
              variant="default"
              size="compact-md"
              mt="sm"
              onClick={() => set({ parts: parts.toSpliced(at, 1) })}
            >
              <Trans>Bỏ phần này</Trans>
            </Button>
          )}
        </Fieldset>
      ))}
      {!line.keep && (
        <UnitPicker
          label={t`Các đơn vị trực thuộc còn lại chuyển đến`}
          value={line.children_to ?? ""}
          onChange={(code) => set({ children_to: code || undefined })}
        />
      )}
      <Button
        variant="default"
        style={{ justifySelf: "start", alignSelf: "end" }}
        onClick={() => set({ parts: [...parts, emptyPart()] })}
      >
        <Trans>Thêm phần</Trans>
      </Button>
    </>
  );
}
