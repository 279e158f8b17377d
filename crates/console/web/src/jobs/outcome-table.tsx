// The outcomes of a job, one row per minion; a row opens its return.
import { Label } from "@patternfly/react-core";
import AngleRightIcon from "@patternfly/react-icons/dist/esm/icons/angle-right-icon";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";

import type { CmdDetail } from "../api/types";
import { StateLabel } from "../words/state-label";
import { took } from "../words/time";
import { isFinal, keyOf, marks, reasonOf } from "./outcome";
import { ReturnView } from "./return-view";
import { Why } from "./why";

interface Props {
  outcomes: CmdDetail[];
  /** When the job was sent. */
  start: string;
  open: string | null;
  onOpen: (key: string | null) => void;
}

const COLUMNS = 5;

export function OutcomeTable({ outcomes, start, open, onOpen }: Props) {
  return (
    <Table role="table" variant="compact" aria-label="Outcomes, one per minion" className="outcomes">
      <Thead>
        <Tr>
          <Th modifier="wrap">Minion</Th>
          <Th modifier="wrap">Outcome</Th>
          <Th modifier="wrap">Master</Th>
          <Th modifier="wrap">After</Th>
          <Th modifier="wrap">Code</Th>
        </Tr>
      </Thead>
      <Tbody>
        {outcomes.map((one) => (
          <OutcomeRow
            key={keyOf(one)}
            outcome={one}
            start={start}
            isOpen={open === keyOf(one)}
            onToggle={() => onOpen(open === keyOf(one) ? null : keyOf(one))}
          />
        ))}
      </Tbody>
    </Table>
  );
}

interface RowProps {
  outcome: CmdDetail;
  start: string;
  isOpen: boolean;
  onToggle: () => void;
}

function OutcomeRow({ outcome: one, start, isOpen, onToggle }: RowProps) {
  return (
    <>
      <Tr data-minion={one.minion_id} className={isOpen ? "outcomes__row--open" : ""}>
        <Td dataLabel="Minion">
          <button type="button" className="row-button" onClick={onToggle} aria-expanded={isOpen} title={one.minion_id}>
            <AngleRightIcon className="row-button__arrow" aria-hidden />
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
            {one.witnesses > 1 && (
              <Label isCompact variant="outline" title="That many masters saw the same return; it counts once.">
                {one.witnesses} witnesses
              </Label>
            )}
            {reasonOf(one) && <span className="quiet">{reasonOf(one)}</span>}
          </div>
        </Td>
        <Td dataLabel="Master">{one.master_id ?? "–"}</Td>
        <Td dataLabel="After">
          {isFinal(one.state) ? took((Date.parse(one.alter_time) - Date.parse(start)) / 1000) : "–"}
        </Td>
        <Td dataLabel="Code">{one.retcode ?? "–"}</Td>
      </Tr>
      {isOpen && (
        <Tr>
          <Td colSpan={COLUMNS} className="outcomes__return">
            <ReturnView outcome={one} />
            <Why outcome={one} />
          </Td>
        </Tr>
      )}
    </>
  );
}
