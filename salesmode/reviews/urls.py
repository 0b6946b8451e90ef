"""The addresses of the pages about managing people."""

from django.urls import path

from salesmode.reviews.views import dependence, plans, recognition, reviews, rounds

app_name = "reviews"
urlpatterns = [
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<int:review_id>", reviews.review, name="review"),
    path("reviews/<int:review_id>/print", reviews.print_review, name="print_review"),
    path("reviews/<int:review_id>/self", reviews.score_self, name="score_self"),
    path("reviews/<int:review_id>/assess", reviews.assess, name="assess"),
    path("reviews/<int:review_id>/calibrate", reviews.calibrate, name="calibrate"),
    path("reviews/<int:review_id>/tell", reviews.tell, name="tell"),
    path("reviews/<int:review_id>/agree", reviews.agree, name="agree"),
    path("reviews/<int:review_id>/disagree", reviews.disagree, name="disagree"),
    path("reviews/<int:review_id>/answer", reviews.answer, name="answer"),
    path("reviews/<int:review_id>/second-opinion", reviews.second_opinion, name="second_opinion"),
    path("reviews/<int:review_id>/sign", reviews.sign, name="sign"),
    path("reviews/rounds/new", rounds.open_round, name="open_round"),
    path("reviews/rounds/<int:round_id>", rounds.round_page, name="round"),
    path("settings/review-forms", rounds.templates, name="templates"),
    path("settings/review-forms/new", rounds.define_template, name="define_template"),
    path("settings/review-forms/<int:template_id>", rounds.amend_template, name="amend_template"),
    path("settings/review-cycles/set", rounds.set_cycle, name="set_cycle"),
    path("settings/review-cycles/end", rounds.end_cycle, name="end_cycle"),
    path("improvement-plans/", plans.plans, name="plans"),
    path("improvement-plans/new", plans.open_plan, name="open_plan"),
    path("improvement-plans/<int:plan_id>", plans.plan, name="plan"),
    path("improvement-plans/<int:plan_id>/check-in", plans.check_in, name="check_in"),
    path("improvement-plans/<int:plan_id>/steps/<int:step_id>/done", plans.finish_step, name="finish_step"),
    path("improvement-plans/<int:plan_id>/decide", plans.decide_plan, name="decide_plan"),
    path("leaderboards", recognition.leaderboards, name="leaderboards"),
    path("leaderboards/me", recognition.choose_display, name="choose_display"),
    path("recognition/", recognition.recognitions, name="recognitions"),
    path("recognition/all", recognition.all_recognitions, name="all_recognitions"),
    path("recognition/new", recognition.thank, name="thank"),
    path("recognition/<int:recognition_id>/withdraw", recognition.withdraw, name="withdraw_recognition"),
    path("settings/badges", recognition.badges, name="badges"),
    path("settings/badges/new", recognition.define_badge, name="define_badge"),
    path("settings/badges/<int:badge_id>", recognition.amend_badge, name="amend_badge"),
    path("challenges/", recognition.challenges, name="challenges"),
    path("challenges/new", recognition.set_up_challenge, name="set_up_challenge"),
    path("challenges/<int:challenge_id>", recognition.challenge, name="challenge"),
    path("challenges/<int:challenge_id>/cancel", recognition.cancel_challenge, name="cancel_challenge"),
    path("performance/dependence", dependence.dependence_page, name="dependence"),
    path("performance/dependence/<int:person_id>", dependence.known_by_one_page, name="known_by_one"),
]
