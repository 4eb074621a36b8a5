"use strict";

/** A queue that runs one task after the other. */
class Queue {
  constructor() {
    this.tasks = [];
    this.running = false;
  }

  get length() {
    return this.tasks.length;
  }

  add(task) {
    if (typeof task !== "function") {
      throw new TypeError("Expected a function");
    }
    this.tasks.push(task);
    this.run();
  }

  async run() {
    if (this.running) {
      return;
    }
    this.running = true;
    while (this.tasks.length > 0) {
      const task = this.tasks.shift();
      await task();
    }
    this.running = false;
  }

  // Try it: empty the queue, then add a method that says whether it is empty.
  clear() {

  }
}

module.exports = Queue;
