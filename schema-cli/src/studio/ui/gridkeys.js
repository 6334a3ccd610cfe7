// The grid by keyboard.

export function gridKeys(self) {
  const { element, focus, shape, on, source } = self;
  element.addEventListener("keydown", (event) => {
    if (event.target !== element) return;
    const command = event.metaKey || event.ctrlKey;
    const place = shape.placeOf(focus.column);
    const last = shape.order().length - 1;
    const page = self.rowsInSight();
    const end = source.length() - 1;
    const moves = {
      ArrowUp: [command ? 0 : focus.row - 1, place],
      ArrowDown: [command ? end : focus.row + 1, place],
      ArrowLeft: [focus.row, command ? 0 : place - 1],
      ArrowRight: [focus.row, command ? last : place + 1],
      Home: command ? [0, 0] : [focus.row, 0],
      End: command ? [end, last] : [focus.row, last],
      PageUp: [focus.row - page, place],
      PageDown: [focus.row + page, place],
    };
    if (moves[event.key]) {
      event.preventDefault();
      if (command && event.key === "End" && on.end?.()) return;
      if (command && event.key === "Home" && on.home?.()) return;
      self.move(...moves[event.key], event.shiftKey);
      return;
    }
    if (event.key === "Tab") {
      const next = place + (event.shiftKey ? -1 : 1);
      const row = focus.row + (next < 0 ? -1 : next > last ? 1 : 0);
      // At either end the focus leaves the grid, as it should.
      if (row < 0 || row > end || end < 0) return;
      event.preventDefault();
      self.move(row, next < 0 ? last : next > last ? 0 : next);
      return;
    }
    if (act(self, event, command)) event.preventDefault();
  });
  // One pasted text begins an edit; a block of them is staged from the cell in focus on.
  element.addEventListener("paste", (event) => {
    if (event.target !== element || !on.edit) return;
    const text = event.clipboardData.getData("text/plain");
    const block = text.replace(/\r?\n$/, "").split(/\r?\n/).map((line) => line.split("\t"));
    if ((block.length > 1 || block[0].length > 1) && on.paste) {
      event.preventDefault();
      on.paste(focus.row, focus.column, block);
    } else if (text && on.edit(focus.row, focus.column, text)) event.preventDefault();
  });
}

/** Keys that do something with the cells; true when the key was one. */
function act(self, event, command) {
  const { focus, on, source } = self;
  if (!source.length()) return false;
  const { key } = event;
  if (command && key.toLowerCase() === "c") {
    if (String(getSelection())) return false;
    self.copySelection(event.shiftKey);
  } else if (command && key.toLowerCase() === "a") {
    self.move(0, 0);
    self.move(source.length() - 1, self.shape.order().length - 1, true);
  } else if (command && key === "Enter") {
    on.hop?.(source.at(focus.row), focus.column, event);
  } else if (command && (key === "Backspace" || key === "Delete")) {
    on.remove?.(self.selectedRows());
  } else if (key === "Enter" || key === "F2") {
    on.edit?.(focus.row, focus.column);
  } else if (key === " ") {
    on.open?.(focus.row);
  } else if (key === "Delete" || key === "Backspace") {
    on.clear?.(self.selectedRows(), self.selectedColumns());
  } else if (key === "Escape") {
    if (on.escape?.()) return true;
    self.move(focus.row, self.shape.placeOf(focus.column));
  } else if (key === "ContextMenu" || (event.shiftKey && key === "F10")) {
    const box = self.focusedCell()?.getBoundingClientRect();
    if (box) on.menu?.({ x: box.left + 8, y: box.bottom }, focus.row, focus.column);
  } else if (key.length === 1 && !command && !event.altKey && on.edit) {
    return on.edit(focus.row, focus.column, key);
  } else {
    return false;
  }
  return true;
}
