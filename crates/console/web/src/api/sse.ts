// Server-sent events out of a byte stream: EventSource itself cannot send the Authorization header.

export interface ServerEvent {
  event: string;
  data: string;
  id: string;
}

/** Takes text as it comes; hands out events as they become whole. Comments (heartbeats) make none. */
export class EventReader {
  private rest = "";
  private last = "";

  take(text: string): ServerEvent[] {
    this.rest += text;
    const blocks = this.rest.split(/\r?\n\r?\n/);
    this.rest = blocks.pop() ?? "";
    return blocks.flatMap((block) => this.read(block));
  }

  private read(block: string): ServerEvent[] {
    let event = "message";
    const data: string[] = [];
    for (const line of block.split(/\r?\n/)) {
      const colon = line.indexOf(":");
      if (colon <= 0) continue;
      const [field, content] = [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
      if (field === "event") event = content;
      else if (field === "data") data.push(content);
      else if (field === "id") this.last = content;
    }
    return data.length > 0 ? [{ event, data: data.join("\n"), id: this.last }] : [];
  }
}
