"""IBM's accessibility-checker-engine: what it fails (what it only wants reviewed is not counted)."""

from accessibility import exclusions
from accessibility.checkers.packages import source, version
from accessibility.finding import Finding
from accessibility.inspected_page import InspectedPage

NAME = "accessibility-checker-engine"
CRITERIA: dict[str, tuple[str, ...]] = {
    "img_alt_valid": ("1.1",), "img_alt_null": ("1.2",), "img_alt_redundant": ("1.2",),
    "svg_graphics_labelled": ("1.1",), "frame_title_exists": ("2.1",),
    "text_contrast_sufficient": ("3.2",), "style_color_misuse": ("3.1",),
    "table_headers_exists": ("5.6",), "table_headers_related": ("5.7",),
    "table_scope_valid": ("5.7",), "table_layout_linearized": ("5.3",),
    "table_caption_empty": ("5.4",), "table_structure_misuse": ("5.8",),
    "a_text_purpose": ("6.2",), "a_target_warning": ("13.2",),
    "html_lang_exists": ("8.3",), "html_lang_valid": ("8.4",), "element_lang_valid": ("8.8",),
    "page_title_exists": ("8.5",), "page_title_valid": ("8.6",),
    "element_id_unique": ("8.2",), "aria_id_unique": ("8.2",),
    "heading_content_exists": ("9.1",), "heading_markup_misuse": ("9.1",),
    "list_structure_proper": ("9.3",), "list_markup_review": ("9.3",),
    "list_children_valid": ("9.3",), "blockquote_cite_exists": ("9.4",),
    "aria_landmark_name_unique": ("9.2",), "aria_main_label_unique": ("9.2",),
    "aria_banner_single": ("9.2",), "aria_contentinfo_single": ("9.2",),
    "skip_main_exists": ("12.7",), "html_skipnav_exists": ("12.7",),
    "skip_main_described": ("12.7",),
    "input_label_exists": ("11.1",), "label_ref_valid": ("11.1",), "label_content_exists": ("11.1",),
    "input_label_visible": ("11.1",), "label_name_visible": ("11.2",),
    "input_checkboxes_grouped": ("11.5",), "fieldset_legend_valid": ("11.6",),
    "fieldset_label_valid": ("11.6",), "select_options_grouped": ("11.8",),
    "input_autocomplete_valid": ("11.13",), "form_submit_button_exists": ("11.9",),
    "element_tabbable_visible": ("10.7",), "element_tabbable_role_valid": ("7.1",),
    "element_tabbable_unobscured": ("10.7",), "element_scrollable_tabbable": ("7.3",),
    "element_mouseevent_keyboard": ("7.3",), "element_accesskey_unique": ("12.10",),
    "element_accesskey_labelled": ("12.10",), "style_highcontrast_visible": ("10.5",),
    "style_focus_visible": ("10.7",), "style_hover_persistent": ("10.13",),
    "style_viewport_resizable": ("10.4",), "text_spacing_valid": ("10.12",),
    "meta_refresh_delay": ("13.1",), "meta_redirect_optional": ("13.1",),
    "element_orientation_unlocked": ("13.9",), "marquee_elem_avoid": ("13.8",),
    "blink_elem_avoid": ("13.8",), "blink_css_review": ("13.8",),
    "script_onclick_misuse": ("7.3",), "script_select_review": ("7.4",),
}  # fmt: skip
# Opened for the time of the look: of a closed <details> it takes the labels for missing.
_RUN = """async () => {
  const closed = [...document.querySelectorAll('details:not([open])')];
  closed.forEach((each) => { each.open = true; });
  const report = await new ace.Checker().check(document, ['IBM_Accessibility', 'WCAG_2_2']);
  closed.forEach((each) => { each.open = false; });
  return report.results.filter((each) => each.value[0] === 'VIOLATION' && each.value[1] === 'FAIL')
    .map((each) => ({ rule: each.ruleId, what: each.message, where: each.path.dom }));
}"""


def look(inspected: InspectedPage) -> list[Finding]:
    """What IBM's engine fails."""
    inspected.inject("ace", source(f"{NAME}/ace.js"))
    off = exclusions.IBM | (exclusions.MAILS if inspected.is_mail else {})
    return [
        Finding(f"IBM {version(NAME)}", each["rule"], each["what"], each["where"],
                criteria(each["rule"]))
        for each in inspected.page.evaluate(_RUN)
        if each["rule"] not in off and not _is_excluded(each["rule"], each["what"])
    ]  # fmt: skip


def criteria(rule: str) -> tuple[str, ...]:
    """ARIA and names that no line above tells are criterion 7.1."""
    if rule in CRITERIA:
        return CRITERIA[rule]
    return ("7.1",) if rule.startswith(("aria_", "combobox_", "widget_", "element_tabb")) else ()


def _is_excluded(rule: str, what: str) -> bool:
    return any(rule == known and words in what for known, words in exclusions.IBM_WHEN)
