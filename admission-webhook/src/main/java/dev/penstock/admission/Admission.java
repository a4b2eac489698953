package dev.penstock.admission;

import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.translate.IngressTranslator;
import dev.penstock.ingress.translate.IngressTranslator.Asked;
import dev.penstock.ingress.translate.TranslationMemory;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers reviews by what is in the cluster. An answer depends on the review, the last view and the
 * settings, and on nothing else; what is remembered between answers makes them faster, since a
 * review changes one object among thousands.
 *
 * <p>Thread-safe: reviews are read side by side, and judged one after the other.
 */
public final class Admission {
  private final AdmissionSettings settings;
  private final TranslationMemory memory = TranslationMemory.withoutSecrets();
  private @Nullable ClusterView view;

  /** The texts of the ConfigMap that are in force. */
  private Map<String, String> inForce = Map.of();

  public Admission(AdmissionSettings settings) {
    this.settings = settings;
  }

  /** From now on these are the objects of the cluster. */
  public synchronized void onView(ClusterView current) {
    Asked asked =
        IngressTranslator.asked(
            current, inForce, settings.configMaps(), settings.classes(), memory);
    inForce = asked.configMap();
    view = current;
  }

  /**
   * Answers one review. Never throws for what is in it.
   *
   * @param body the JSON of an AdmissionReview, not changed
   */
  public Answer answer(byte[] body) {
    Review review;
    try {
      review = ReviewReader.read(body);
    } catch (Malformed malformed) {
      return Answer.refused(malformed.why());
    }
    try {
      return judge(review);
    } catch (RuntimeException defect) {
      String what = defect.getClass().getSimpleName(); // its message may hold a value
      return Answer.failed(500, "a defect of Penstock (" + what + "): please report it");
    }
  }

  private synchronized Answer judge(Review review) {
    ClusterView current = view;
    if (current == null) return Answer.failed(503, "the cluster has not been read yet");
    Judge judge =
        new Judge(
            settings,
            current,
            world ->
                IngressTranslator.asked(
                    world, inForce, settings.configMaps(), settings.classes(), memory));
    return judge.judge(review).answer(review.uid());
  }
}
