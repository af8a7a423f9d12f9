"""Small signs as SVG path data, drawn by us. Icons lie in a 14 x 14 box, event signs around (0, 0) in a circle of radius 18."""

# Task type -> (path, filled)
TASK_ICONS = {
    "userTask": ("M4,4.2A3,3 0 1 1 10,4.2A3,3 0 1 1 4,4.2ZM1,13.5C1,10 3.5,8.6 7,8.6S13,10 13,13.5Z", False),
    "manualTask": (
        "M1,7L4,4.5H12A1,1 0 0 1 12,6.5H7.5M12,6.5A1,1 0 0 1 12,8.5H7.5M11.5,8.5A1,1 0 0 1 11.5,10.5H7.5M10.5,10.5V12H3L1,10.5Z",
        False,
    ),
    "sendTask": ("M1,2.5H13L7,7.2ZM1,4.2L7,8.9L13,4.2V11.5H1Z", True),
    "receiveTask": ("M1,2.5H13V11.5H1ZM1,2.5L7,7.5L13,2.5", False),
    "serviceTask": (
        "M7,4.5A2.5,2.5 0 1 1 7,9.5A2.5,2.5 0 1 1 7,4.5ZM7,0.8V2.6M7,11.4V13.2M0.8,7H2.6M11.4,7H13.2"
        "M2.6,2.6L3.9,3.9M10.1,10.1L11.4,11.4M11.4,2.6L10.1,3.9M3.9,10.1L2.6,11.4M7,2.6A4.4,4.4 0 1 1 7,11.4A4.4,4.4 0 1 1 7,2.6Z",
        False,
    ),
    "scriptTask": ("M4,1H13C10,4 13,7 12,9S10,12 10,13H1C4,10 1,7 2,5S4,2.5 4,1ZM4.5,4.5H9.5M4,7H9M4.5,9.5H9", False),
    "businessRuleTask": ("M1,2H13V12H1ZM1,5H13M1,8.5H13M5,5V12", False),
}

# Event definition -> path; filled where the event throws.
EVENT_SIGNS = {
    "messageEventDefinition": "M-9,-6.5H9V6.5H-9ZM-9,-6.5L0,1L9,-6.5",
    "timerEventDefinition": (
        "M0,-11A11,11 0 1 1 0,11A11,11 0 1 1 0,-11ZM0,-6.5V0L4.5,2.5M0,-11V-8.5M0,11V8.5M-11,0H-8.5M11,0H8.5"
        "M5.5,-9.53L4.25,-7.36M9.53,-5.5L7.36,-4.25M9.53,5.5L7.36,4.25M5.5,9.53L4.25,7.36"
        "M-5.5,9.53L-4.25,7.36M-9.53,5.5L-7.36,4.25M-9.53,-5.5L-7.36,-4.25M-5.5,-9.53L-4.25,-7.36"
    ),
    "signalEventDefinition": "M0,-9L9,7H-9Z",
    "errorEventDefinition": "M-8,8L-3,-8L2,1L8,-9L3,8L-2,-1Z",
    "escalationEventDefinition": "M0,-9L7,8L0,2L-7,8Z",
    "conditionalEventDefinition": "M-7,-9H7V9H-7ZM-4,-5.5H4M-4,-2H4M-4,1.5H4M-4,5H4",
    "linkEventDefinition": "M-9,-4H2V-9L10,0L2,9V4H-9Z",
    "compensateEventDefinition": "M-1,-7V7L-10,0ZM9,-7V7L0,0Z",
    "cancelEventDefinition": "M-8,-5L-5,-8L0,-3L5,-8L8,-5L3,0L8,5L5,8L0,3L-5,8L-8,5L-3,0Z",
    "terminateEventDefinition": "M0,-10A10,10 0 1 1 0,10A10,10 0 1 1 0,-10Z",
}
THROWN_MESSAGE = "M-9,-7H9L0,0ZM-9,-4.8L0,2.2L9,-4.8V7H-9Z"
MULTIPLE = "M0,-9L8.6,-2.8L5.3,7.3H-5.3L-8.6,-2.8Z"

# Gateway -> (path, stroke width), around (0, 0) in a diamond 50 wide. A diamond without a sign is exclusive too.
GATEWAY_SIGNS = {
    "exclusiveGateway": ("M-7.5,-7.5L7.5,7.5M7.5,-7.5L-7.5,7.5", 4.0),
    "parallelGateway": ("M-11,0H11M0,-11V11", 4.0),
    "inclusiveGateway": ("M0,-11A11,11 0 1 1 0,11A11,11 0 1 1 0,-11Z", 3.0),
    "complexGateway": ("M-11,0H11M0,-11V11M-7.5,-7.5L7.5,7.5M7.5,-7.5L-7.5,7.5", 3.0),
    "eventBasedGateway": (
        "M0,-14A14,14 0 1 1 0,14A14,14 0 1 1 0,-14ZM0,-11A11,11 0 1 1 0,11A11,11 0 1 1 0,-11ZM0,-7L6.7,-2.2L4.1,5.7H-4.1L-6.7,-2.2Z",
        1.0,
    ),
}

# Signs at the bottom of an activity, around (0, 0), 14 high: (path, stroke width).
PARALLEL_ITEMS = ("M-5,-6V6M0,-6V6M5,-6V6", 3.0)
SEQUENTIAL_ITEMS = ("M-6,-5H6M-6,0H6M-6,5H6", 3.0)
LOOP = ("M-3,6A6.5,6.5 0 1 1 3,6M-3,6H-7M-3,6V2", 1.5)
COLLAPSED = ("M-7,-7H7V7H-7ZM-4,0H4M0,-4V4", 1.5)
AD_HOC = ("M-7,2C-5,-5 -2,-3 0,0S5,5 7,-2", 2.0)
