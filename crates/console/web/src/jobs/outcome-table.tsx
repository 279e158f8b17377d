// The outcomes of a job, one row per minion; a row opens its return.
import { Label } from "@patternfly/react-core";
import { ExpandableRowContent, Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";

import type { CmdDetail } from "../api/types";
import { StateLabel } from "../words/state-label";
import { took } from "../words/time";
import { isFinal, keyOf, marks } from "./outcome";
import { ReturnView } from "./return-view";

interface Props {
  outcomes: CmdDetail[];
  /** When the job was sent. */
  start: string;
  open: string | null;
  onOpen: (key: string | null) => void;
}

const COLUMNS = 6;

export function OutcomeTable({ outcomes, start, open, onOpen }: Props) {
  return (
    <Table variant="compact" aria-label="Outcomes, one per minion" className="outcomes">
      <Thead>
        <Tr>
          <Th screenReaderText="Open the return" />
          <Th>Minion</Th>
          <Th>Outcome</Th>
          <Th>Master</Th>
          <Th>After</Th>
          <Th>Code</Th>
        </Tr>
      </Thead>
      {outcomes.map((one, index) => (
        <OutcomeRow
          key={keyOf(one)}
          outcome={one}
          index={index}
          start={start}
          isOpen={open === keyOf(one)}
          onToggle={() => onOpen(open === keyOf(one) ? null : keyOf(one))}
        />
      ))}
    </Table>
  );
}

interface RowProps {
  outcome: CmdDetail;
  index: number;
  start: string;
  isOpen: boolean;
  onToggle: () => void;
}

function OutcomeRow({ outcome: one, index, start, isOpen, onToggle }: RowProps) {
  return (
    <Tbody isExpanded={isOpen}>
      <Tr data-minion={one.minion_id} isContentExpanded={isOpen}>
        <Td expand={{ rowIndex: index, isExpanded: isOpen, onToggle, expandId: "outcome" }} />
        <Td dataLabel="Minion">
          <button type="button" className="row-button" onClick={onToggle} aria-expanded={isOpen}>
            {one.minion_id}
          </button>
        </Td>
        <Td dataLabel="Outcome">
          <div className="outcome">
            <StateLabel state={one.state} final={isFinal(one.state)} />
            {marks(one).map(({ word, means }) => (
              <Label key={word} isCompact variant="outline" color="orange" title={means}>
                {word}
              </Label>
            ))}
            {one.reason && <span className="quiet">{one.reason}</span>}
          </div>
        </Td>
        <Td dataLabel="Master">{one.master_id ?? "–"}</Td>
        <Td dataLabel="After">
          {isFinal(one.state) ? took((Date.parse(one.alter_time) - Date.parse(start)) / 1000) : "–"}
        </Td>
        <Td dataLabel="Code">{one.retcode ?? "–"}</Td>
      </Tr>
      {isOpen && (
        <Tr isExpanded>
          <Td colSpan={COLUMNS} noPadding>
            <ExpandableRowContent>
              <ReturnView outcome={one} />
            </ExpandableRowContent>
          </Td>
        </Tr>
      )}
    </Tbody>
  );
}
