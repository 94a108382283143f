/** What data.js and books.js hold; written by ../data.py, in this order. */
type Finding = [text: string, answer: string, decision: string, note: string];
type Photo = [
  file: string, thumb: 0 | 1, centre: number, kind: number, caption: string, day: string,
  time: string, provenance: string, lat: number | null, lon: number | null, place: string,
  distance: number | null, band: string, findings: Finding[], about: string,
];
type Centre = [
  code: string, name: string, district: string, place: string, plot: string, status: string,
  steward: string, lat: number | null, lon: number | null, visits: number, people: number,
  visitors: number, followed: number, used: number,
];
type Entry = [
  kind: string, centre: number, day: string, title: string, words: string, photos: number[],
  file: string,
];
type Outline = [code: string, name: string, rings: [number, number][][]];

interface PacketData {
  digits: "thai" | "arabic";
  districts: [code: string, name: string][];
  centres: Centre[];
  kinds: string[];
  photos: Photo[];
  outlines: Outline[];
}

/** What the page's scripts share. */
interface Page {
  data: PacketData;
  el<K extends keyof HTMLElementTagNameMap>(
    name: K, facts?: Record<string, unknown>, ...children: (Node | string | null)[]
  ): HTMLElementTagNameMap[K];
  byId(id: string): HTMLElement;
  digits(text: string | number): string;
  amount(number: number): string;
  thaiDate(day: string): string;
  fold(text: string): string;
  photoTitle(photo: Photo): string;
  photoFile(photo: Photo): string;
  thumb(photo: Photo): HTMLImageElement;
  openLarge(photos: number[], at: number): void;
  show(tab: string): void;
  gallery: { only(centre: number): void; start(): void };
  map: { start(): void; go(lat: number, lon: number): void };
  search: { start(): void };
}

interface Window {
  LAKTHAN: PacketData;
  LAKTHAN_BOOKS?: Entry[];
  page: Page;
}
