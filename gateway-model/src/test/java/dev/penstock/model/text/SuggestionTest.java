package dev.penstock.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SuggestionTest {
  private static final String LETTERS = "abc";

  @Test
  void aWordThatIsNearlyWrittenRightIsFound() {
    List<String> known = List.of("whitelist-source-range", "auth-url", "auth-type");

    assertThat(Suggestion.nearest("Whitelist-Source-Range", known))
        .isEqualTo("whitelist-source-range");
    assertThat(Suggestion.nearest("whitelist-sorce-rangee", known))
        .isEqualTo("whitelist-source-range");
    assertThat(Suggestion.nearest("auht-url", known)).isEqualTo("auth-url");
    assertThat(Suggestion.nearest("auth-realm", known)).isEmpty();
  }

  /** Against the definition: what letters may be done to, tried in every way. */
  @Test
  void upToItsBoundADistanceIsWhatTheDefinitionSays() {
    Random random = new Random(6);
    for (int i = 0; i < 20_000; i++) {
      String a = word(random);
      String b = word(random);
      int max = random.nextInt(1, 4);
      int distance = byDefinition(a, b);
      int found = Suggestion.distance(a, b, max);
      assertThat(Math.min(found, max + 1)).as("%s %s", a, b).isEqualTo(Math.min(distance, max + 1));
    }
  }

  private static String word(Random random) {
    return random
        .ints(random.nextInt(7), 0, LETTERS.length())
        .mapToObj(c -> LETTERS.substring(c, c + 1))
        .collect(Collectors.joining());
  }

  private static int byDefinition(String a, String b) {
    if (a.isEmpty() || b.isEmpty()) return a.length() + b.length();
    boolean isEqual = a.charAt(0) == b.charAt(0);
    int replaced = byDefinition(a.substring(1), b.substring(1)) + (isEqual ? 0 : 1);
    int deleted = byDefinition(a.substring(1), b) + 1;
    int inserted = byDefinition(a, b.substring(1)) + 1;
    int least = Math.min(replaced, Math.min(deleted, inserted));
    boolean isSwapped =
        a.length() > 1
            && b.length() > 1
            && a.charAt(0) == b.charAt(1)
            && a.charAt(1) == b.charAt(0);
    return isSwapped ? Math.min(least, 1 + byDefinition(a.substring(2), b.substring(2))) : least;
  }
}
