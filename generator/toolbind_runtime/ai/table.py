"""Workers AI models as of 2026-11-28: family, limits, reasoning, prices.

Data only, written by .ci/update_models.py. Models that are not listed work by the shape
of their answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Required, TypedDict

Family = Literal[
    "chat", "chat+responses", "native", "native-nested", "native-in-chat-out"
]


class ModelRow(TypedDict, total=False):
    """One model that can call functions. Keys at their defaults are left out."""

    family: Required[Family]
    context_window: int  # tokens; absent: not known
    efforts: list[str]  # values that reasoning_effort takes
    switches: list[str]  # keys of chat_template_kwargs that turn reasoning on and off
    always_reasons: bool
    price: list[float]  # US dollars for a million tokens in and out; absent: not known
    free_plan: bool  # absent: not stated
    per_minute: int  # requests that an account may send; absent: 300
    by_form: bool  # access is asked for with a form on the model's page
    deprecated: str


MODELS: Mapping[str, ModelRow] = {
    "@cf/deepseek-ai/deepseek-v4-flash-0731": {
        "family": "chat",
        "context_window": 1310720,
        "efforts": ["max", "high", "low", "none"],
        "free_plan": False,
    },
    "@cf/deepseek-ai/deepseek-v4-pro-0813": {
        "family": "chat",
        "context_window": 1048576,
        "efforts": ["max", "high", "low", "none"],
        "free_plan": False,
    },
    "@cf/google/gemma-4-26b-a4b-it": {
        "family": "chat",
        "context_window": 256000,
        "switches": ["enable_thinking"],
        "free_plan": True,
    },
    "@cf/ibm-granite/granite-4.0-h-micro": {
        "family": "native",
        "context_window": 131000,
        "free_plan": True,
    },
    "@cf/meta/llama-3.3-70b-instruct-fp8-fast": {
        "family": "native",
        "context_window": 24000,
    },
    "@cf/meta/llama-4-scout-17b-16e-instruct": {
        "family": "native-nested",
        "context_window": 131000,
        "free_plan": True,
    },
    "@cf/mistralai/mistral-small-3.1-24b-instruct": {
        "family": "native",
        "context_window": 128000,
        "free_plan": True,
    },
    "@cf/moonshotai/kimi-k2.5": {
        "family": "chat",
        "context_window": 256000,
        "always_reasons": True,
        "deprecated": "served by kimi-k2.6 since 2026-05-30",
    },
    "@cf/moonshotai/kimi-k2.6": {
        "family": "chat",
        "context_window": 262144,
        "always_reasons": True,
        "per_minute": 20,
        "free_plan": False,
    },
    "@cf/moonshotai/kimi-k2.7-code": {
        "family": "chat",
        "context_window": 262144,
        "always_reasons": True,
        "per_minute": 20,
        "free_plan": False,
    },
    "@cf/nvidia/nemotron-3-120b-a12b": {
        "family": "chat",
        "context_window": 256000,
        "switches": ["enable_thinking"],
        "free_plan": True,
    },
    "@cf/openai/gpt-oss-120b": {
        "family": "chat+responses",
        "context_window": 128000,
        "efforts": ["low", "medium", "high"],
        "always_reasons": True,
        "free_plan": True,
    },
    "@cf/openai/gpt-oss-20b": {
        "family": "chat+responses",
        "context_window": 128000,
        "efforts": ["low", "medium", "high"],
        "always_reasons": True,
        "free_plan": True,
    },
    "@cf/qwen/qwen3-30b-a3b-fp8": {
        "family": "native-in-chat-out",
        "context_window": 32768,
    },
    "@cf/qwen/qwen3.8-27b": {
        "family": "chat",
        "context_window": 262144,
        "efforts": ["xhigh", "medium", "low"],
        "free_plan": True,
    },
    "@cf/swiss-ai/apertus-v1.5-8b": {
        "family": "chat",
        "context_window": 262144,
        "by_form": True,
    },
    "@cf/utter-project/eurollm-9b-it": {
        "family": "chat",
        "context_window": 32000,
        "by_form": True,
    },
    "@cf/zai-org/glm-4.7-flash": {
        "family": "chat",
        "context_window": 131072,
        "switches": ["enable_thinking"],
        "price": [0.0605, 0.4],
        "free_plan": True,
    },
    "@cf/zai-org/glm-5.2": {
        "family": "chat",
        "context_window": 262144,
        "efforts": ["max", "high", "none"],
        "per_minute": 20,
        "free_plan": False,
    },
    "@cf/zai-org/glm-5.3": {
        "family": "chat",
        "context_window": 1310720,
        "efforts": ["max", "high", "low"],
        "always_reasons": True,
        "free_plan": False,
    },
    "@cf/zai-org/glm-5.3-flash": {
        "family": "chat",
        "context_window": 1310720,
        "efforts": ["max", "high", "low"],
        "always_reasons": True,
        "free_plan": False,
    },
    "@hf/nousresearch/hermes-2-pro-mistral-7b": {
        "family": "native",
        "deprecated": "deprecated 2026-05-30",
    },
}

WITHOUT_FUNCTION_CALLING: Mapping[str, str] = {
    "@cf/aisingapore/gemma-sea-lion-v4-27b-it": "",
    "@cf/deepseek-ai/deepseek-math-7b-instruct": "deprecated 2025-10-01",
    "@cf/deepseek-ai/deepseek-r1-distill-qwen-32b": "",
    "@cf/defog/sqlcoder-7b-2": "deprecated 2026-05-30",
    "@cf/fblgit/una-cybertron-7b-v2-bf16": "deprecated 2025-10-01",
    "@cf/google/gemma-2b-it-lora": "",
    "@cf/google/gemma-3-12b-it": "deprecated 2026-05-30",
    "@cf/google/gemma-7b-it-lora": "",
    "@cf/meta-llama/llama-2-7b-chat-hf-lora": "",
    "@cf/meta/llama-2-7b-chat-fp16": "deprecated 2026-05-30",
    "@cf/meta/llama-2-7b-chat-int8": "deprecated 2026-05-30",
    "@cf/meta/llama-3-8b-instruct": "deprecated 2026-05-30",
    "@cf/meta/llama-3-8b-instruct-awq": "deprecated 2026-05-30",
    "@cf/meta/llama-3.1-70b-instruct": "deprecated 2026-05-30",
    "@cf/meta/llama-3.1-8b-instruct": "deprecated 2026-05-30",
    "@cf/meta/llama-3.1-8b-instruct-awq": "deprecated 2026-05-30",
    "@cf/meta/llama-3.1-8b-instruct-fp8": "",
    "@cf/meta/llama-3.2-11b-vision-instruct": "",
    "@cf/meta/llama-3.2-1b-instruct": "",
    "@cf/meta/llama-3.2-3b-instruct": "",
    "@cf/microsoft/phi-2": "deprecated 2026-05-30",
    "@cf/mistral/mistral-7b-instruct-v0.1": "deprecated 2026-05-30",
    "@cf/mistral/mistral-7b-instruct-v0.2-lora": "",
    "@cf/openchat/openchat-3.5-0106": "deprecated 2025-10-01",
    "@cf/qwen/qwen1.5-0.5b-chat": "deprecated 2025-10-01",
    "@cf/qwen/qwen1.5-1.8b-chat": "deprecated 2025-10-01",
    "@cf/qwen/qwen1.5-14b-chat-awq": "deprecated 2025-10-01",
    "@cf/qwen/qwen1.5-7b-chat-awq": "deprecated 2025-10-01",
    "@cf/qwen/qwen2.5-coder-32b-instruct": "",
    "@cf/qwen/qwq-32b": "",
    "@cf/thebloke/discolm-german-7b-v1-awq": "deprecated 2025-10-01",
    "@cf/tiiuae/falcon-7b-instruct": "deprecated 2025-10-01",
    "@cf/tinyllama/tinyllama-1.1b-chat-v1.0": "deprecated 2025-10-01",
    "@hf/google/gemma-7b-it": "deprecated 2026-05-30",
    "@hf/meta-llama/meta-llama-3-8b-instruct": "deprecated 2026-05-30",
    "@hf/mistral/mistral-7b-instruct-v0.2": "deprecated 2026-05-30",
    "@hf/nexusflow/starling-lm-7b-beta": "deprecated 2025-10-01",
    "@hf/thebloke/deepseek-coder-6.7b-base-awq": "deprecated 2025-10-01",
    "@hf/thebloke/deepseek-coder-6.7b-instruct-awq": "deprecated 2025-10-01",
    "@hf/thebloke/llama-2-13b-chat-awq": "deprecated 2025-10-01",
    "@hf/thebloke/mistral-7b-instruct-v0.1-awq": "deprecated 2025-10-01",
    "@hf/thebloke/neural-chat-7b-v3-1-awq": "deprecated 2025-10-01",
    "@hf/thebloke/openhermes-2.5-mistral-7b-awq": "deprecated 2025-10-01",
    "@hf/thebloke/zephyr-7b-beta-awq": "deprecated 2025-10-01",
}
"""Name to a note on its end, or nothing."""

OTHER_KINDS: Mapping[str, str] = {
    "@cf/cloudflare/clef": "a decision model",
    "@cf/cloudflare/clef-flash": "a decision model",
    "@cf/cloudflare/clef-omni": "a decision model",
    "@cf/cloudflare/clairic": "an extraction model",
}
"""Models that hold no conversation, and what they are."""

DEFAULT_MODEL = "@cf/zai-org/glm-4.7-flash"
