// Server-sent events, however the bytes are cut.
import { expect, test } from "vitest";

import { EventReader } from "./sse";

const TEXT = 'event: snapshot\nid: a:3\ndata: {"number":3}\n\n: heartbeat\n\nevent: change\nid: a:4\ndata: {"topic":"outcomes",\ndata: "jid":"1"}\n\n';

test.each([1, 7, 1000])("events come whole in pieces of %i", (size) => {
  const reader = new EventReader();
  const events = [];
  for (let at = 0; at < TEXT.length; at += size) events.push(...reader.take(TEXT.slice(at, at + size)));
  expect(events).toEqual([
    { event: "snapshot", data: '{"number":3}', id: "a:3" },
    { event: "change", data: '{"topic":"outcomes",\n"jid":"1"}', id: "a:4" },
  ]);
});
