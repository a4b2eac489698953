package dev.penstock.ingress.translate;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Values by key that one translation has made and the next ones use again. A round begins with each
 * translation; what it does not use is forgotten at its end. Costs no memory for what stays. Not
 * thread-safe.
 */
final class Remembered<K, V> {
  private final Map<K, Slot<V>> slots = new HashMap<>();
  private int round;
  private int used;

  private static final class Slot<V> {
    V value;
    int round;

    Slot(V value) {
      this.value = value;
    }
  }

  void begin() {
    round++;
    used = 0;
  }

  /** Uses it; null when there is none. */
  @Nullable V get(K key) {
    Slot<V> slot = slots.get(key);
    if (slot == null) return null;
    use(slot);
    return slot.value;
  }

  /** Puts it in the place of what was there. */
  void put(K key, V value) {
    Slot<V> slot = slots.computeIfAbsent(key, first -> new Slot<>(value));
    slot.value = value;
    use(slot);
  }

  private void use(Slot<V> slot) {
    if (slot.round == round) return;
    slot.round = round;
    used++;
  }

  /**
   * @param forgotten takes what this round has not used
   */
  void end(Consumer<V> forgotten) {
    if (slots.size() == used) return;
    slots
        .values()
        .removeIf(slot -> {
          if (slot.round == round) return false;
          forgotten.accept(slot.value);
          return true;
        });
  }
}
